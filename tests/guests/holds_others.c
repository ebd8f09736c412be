/* holds_others NAME PATH: asks for what holds up others, or changes what they share, by a descriptor that was opened for reading; the errno. */
#include "guest.h"
#include <sys/file.h>
#include <sys/inotify.h>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *name = argv[1];
    uint64_t hint = 2;
    int pipes[2];
    struct flock lock = { .l_type = F_RDLCK };
    int fd = strcmp(argv[2], "none") == 0 ? -1 : strcmp(argv[2], "pipe") == 0 ? (pipe(pipes), pipes[0]) : open(argv[2], O_RDONLY | O_NONBLOCK);
    long result;
    if (strcmp(name, "lease") == 0)
        result = fcntl(fd, F_SETLEASE, F_RDLCK);
    else if (strcmp(name, "no-lease") == 0)
        result = fcntl(fd, F_SETLEASE, F_UNLCK);
    else if (strcmp(name, "pipe-size") == 0)
        result = fcntl(fd, F_SETPIPE_SZ, 8192);
    else if (strcmp(name, "hint") == 0)
        result = fcntl(fd, 1036 /* F_SET_RW_HINT */, &hint);
    else if (strcmp(name, "flock") == 0)
        result = flock(fd, LOCK_EX | LOCK_NB);
    else if (strcmp(name, "read-lock") == 0)
        result = fcntl(fd, F_OFD_SETLK, &lock);
    else if (strcmp(name, "advise") == 0)
        result = (errno = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED)) ? -1 : 0;
    else if (strcmp(name, "watch") == 0)
        result = inotify_add_watch(inotify_init1(0), argv[2], IN_MODIFY);
    else
        CHECK(!"a known name");
    dprintf(1, "%d\n", result < 0 ? errno : 0);
    return 0;
}
