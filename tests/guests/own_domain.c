/* own_domain FILE: a guest may lay a Landlock domain of its own on top; both hold (landlock(7)). */
#include "guest.h"
#include <sys/prctl.h>

int main(int argc, char **argv)
{
    /* LANDLOCK_ACCESS_FS_WRITE_FILE, and no rule that grants it; the structure as version 1 had it. */
    uint64_t handled = 2;
    CHECK(argc == 2 && write_errno(argv[1]) == 0);
    int ruleset = (int)syscall(444, &handled, sizeof handled, 0);
    if (ruleset < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
        return 0;
    CHECK(ruleset >= 0);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(syscall(446, ruleset, 0) == 0);
    CHECK(write_errno(argv[1]) == EACCES);
    return 0;
}
