/* A NULL for a path: utimensat and futimesat take it for the descriptor before it, where that is one (do_utimes, fs/utimes.c); fchmodat, fchmodat2 and fchownat
 * answer EFAULT and change nothing, whatever descriptor stands before it. */
#include "guest.h"

int main(void)
{
    struct stat before, after;
    int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && fstat(fd, &before) == 0);
    CHECK(syscall(SYS_fchmodat, fd, NULL, 0640) < 0 && errno == EFAULT);
    CHECK(syscall(452 /* fchmodat2 */, fd, NULL, 0640, 0) < 0 && (errno == EFAULT || errno == ENOSYS));
    CHECK(syscall(SYS_fchownat, fd, NULL, -1, -1, 0) < 0 && errno == EFAULT);
    CHECK(syscall(SYS_futimesat, AT_FDCWD, NULL, NULL) < 0 && errno == EFAULT);
    CHECK(syscall(SYS_utimensat, AT_FDCWD, NULL, NULL, 0) < 0 && errno == EFAULT);
    CHECK(syscall(SYS_futimesat, fd, NULL, NULL) == 0);
    CHECK(syscall(SYS_utimensat, fd, NULL, NULL, 0) == 0);
    CHECK(fstat(fd, &after) == 0 && after.st_mode == before.st_mode);
    return 0;
}
