/* TIOCSTI puts characters into a terminal's input as if they had been typed (CVE-2017-5226): EPERM on every terminal, with high bits of the
 * request set too, since the kernel reads 32 of them. */
#include "guest.h"
#include <sys/ioctl.h>

int main(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(master >= 0);
    CHECK(ioctl(master, TIOCSTI, "x") == -1 && errno == EPERM);
    CHECK(syscall(SYS_ioctl, master, 0x100000000L | TIOCSTI, "x") == -1 && errno == EPERM);
    return 0;
}
