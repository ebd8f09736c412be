/* A page under userfaultfd lets a guest hold up whoever reads it, the tracer above all. Neither door gives one: the call is EPERM, and so is
 * USERFAULTFD_IOC_NEW on /dev/userfaultfd (where it can be opened). */
#include "guest.h"
#include <sys/ioctl.h>

int main(void)
{
    CHECK(syscall(SYS_userfaultfd, O_CLOEXEC) == -1 && errno == EPERM);
    CHECK(syscall(SYS_userfaultfd, O_CLOEXEC | 1) == -1 && errno == EPERM);
    int device = open("/dev/userfaultfd", O_RDONLY | O_CLOEXEC);
    if (device >= 0)
        CHECK(ioctl(device, 0xAA00, O_CLOEXEC) == -1 && errno == EPERM);
    return 0;
}
