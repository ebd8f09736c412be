/* file_size_limit: a file may not grow beyond RLIMIT_FSIZE by truncate and ftruncate: EFBIG, and one SIGXFSZ for the thread that tried (setrlimit(2)); up to it, and
 * down from beyond it, it may. */
#include "guest.h"
#include <sys/resource.h>

static volatile sig_atomic_t signals;

static void count(int signal)
{
    CHECK(signal == SIGXFSZ);
    signals++;
}

int main(void)
{
    CHECK(signal(SIGXFSZ, count) != SIG_ERR);
    int fd = open("limited", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && ftruncate(fd, 5000) == 0);
    CHECK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1000, 10000 }) == 0);
    CHECK(ftruncate(fd, 4000) == 0 && signals == 0);
    CHECK(ftruncate(fd, 6000) == -1 && errno == EFBIG && signals == 1);
    CHECK(truncate("limited", 500) == 0 && signals == 1);
    CHECK(truncate("limited", 1000) == 0 && signals == 1);
    CHECK(truncate("limited", 1001) == -1 && errno == EFBIG && signals == 2);
    CHECK(truncate("limited", -1) == -1 && errno == EINVAL && signals == 2);
    struct stat now;
    CHECK(fstat(fd, &now) == 0 && now.st_size == 1000);
    return 0;
}
