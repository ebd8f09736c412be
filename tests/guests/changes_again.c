/* changes_again PATH TIMES: changes the mode, the times and an attribute of an object, and makes and removes a directory beside it, again and again; whether that
 * works is not its concern: somebody outside keeps changing where the path leads. */
#include "guest.h"
#include <libgen.h>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char directory[PATH_MAX], copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", argv[1]);
    snprintf(directory, sizeof directory, "%s/made", dirname(copy));
    for (long n = atol(argv[2]); n > 0; n--) {
        syscall(SYS_chmod, argv[1], 0600);
        syscall(SYS_utimensat, AT_FDCWD, argv[1], NULL, 0);
        syscall(SYS_setxattr, argv[1], "user.catbox", "v", 1L, 0);
        syscall(SYS_mkdir, directory, 0755);
        syscall(SYS_rmdir, directory);
        syscall(SYS_truncate, argv[1], 0L);
    }
    return 0;
}
