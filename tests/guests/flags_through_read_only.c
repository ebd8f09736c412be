/* flags_through_read_only FILE: FS_IOC_SETFLAGS and FS_IOC_FSSETXATTR change an inode through a descriptor that was opened for reading. */
#include "guest.h"
#include <linux/fs.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    int flags = 0, fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    struct fsxattr attributes = { 0 };
    CHECK(fd >= 0);
    ioctl(fd, FS_IOC_GETFLAGS, &flags);
    flags |= FS_NODUMP_FL;
    CHECK(ioctl(fd, FS_IOC_SETFLAGS, &flags) == -1 && (errno == EPERM || errno == EACCES));
    CHECK(ioctl(fd, FS_IOC_FSSETXATTR, &attributes) == -1 && (errno == EPERM || errno == EACCES));
    return 0;
}
