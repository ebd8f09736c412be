/* landlock_is_off: landlock_create_ruleset says EOPNOTSUPP, as where Landlock was switched off at boot (landlock(7)): a program then knows that it is not
 * confined by it. */
#include "guest.h"

int main(void)
{
    CHECK(syscall(444, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */) == -1 && errno == EOPNOTSUPP);
    CHECK(syscall(446, 0, 0) == -1 && errno == EOPNOTSUPP);
    return 0;
}
