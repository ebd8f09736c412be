/* Paths that cannot be read are EFAULT as without a tracer, and an empty one is ENOENT: nothing of them is a violation. */
#include "guest.h"

int main(void)
{
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED && munmap(page + 4096, 4096) == 0);
    memset(page, 'a', 4096); /* no NUL before the page that is not there */
    CHECK(syscall(SYS_open, NULL, O_WRONLY | O_CREAT, 0644) == -1 && errno == EFAULT);
    CHECK(syscall(SYS_open, (char *)-4096, O_WRONLY | O_CREAT, 0644) == -1 && errno == EFAULT);
    CHECK(syscall(SYS_open, 0x8000000000000000, O_WRONLY | O_CREAT, 0644) == -1 && errno == EFAULT);
    CHECK(syscall(SYS_mkdir, page + 10, 0755) == -1 && errno == EFAULT);
    CHECK(syscall(SYS_open, "", O_WRONLY | O_CREAT, 0644) == -1 && errno == ENOENT);
    CHECK(syscall(SYS_rename, NULL, "x") == -1 && errno == EFAULT);
    memcpy(page + 4092, "abc", 4); /* ends exactly with the page */
    CHECK(syscall(SYS_open, page + 4092, O_WRONLY | O_CREAT | O_CLOEXEC, 0644) >= 0);
    return 0;
}
