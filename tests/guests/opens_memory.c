/* opens_memory ALIAS [PROC]: opens the memory of a process of the session for writing by one of its names, and says the errno. With FOLL_FORCE, which a write
 * to it implies, even pages that nobody may write are written. PROC is another mount of procfs. */
#include "guest.h"

int main(int argc, char **argv)
{
    char path[PATH_MAX];
    CHECK(argc >= 2);
    const char *alias = argv[1];
    int fd = -1;
    if (strcmp(alias, "self") == 0)
        fd = open("/proc/self/mem", O_RDWR);
    else if (strcmp(alias, "write-only") == 0)
        fd = open("/proc/self/mem", O_WRONLY);
    else if (strcmp(alias, "thread-self") == 0)
        fd = open("/proc/thread-self/mem", O_RDWR);
    else if (strcmp(alias, "pid") == 0 || strcmp(alias, "child") == 0) {
        pid_t pid = alias[0] == 'p' ? getpid() : fork();
        if (pid == 0)
            for (;;)
                pause();
        snprintf(path, sizeof path, "/proc/%d/mem", pid);
        fd = open(path, O_RDWR);
        int saved = errno;
        if (pid != getpid())
            CHECK(kill(pid, SIGKILL) == 0);
        errno = saved;
    } else if (strcmp(alias, "task") == 0) {
        snprintf(path, sizeof path, "/proc/%d/task/%d/mem", getpid(), gettid());
        fd = open(path, O_RDWR);
    } else if (strcmp(alias, "dirfd") == 0)
        fd = openat(open("/proc/self", O_PATH | O_DIRECTORY), "mem", O_RDWR);
    else if (strcmp(alias, "cwd") == 0) {
        CHECK(chdir("/proc/self/task") == 0);
        fd = open("../mem", O_RDWR);
    } else if (strcmp(alias, "symlink") == 0) {
        CHECK(symlink("/proc/self/mem", "memory") == 0);
        fd = open("memory", O_RDWR);
    } else if (strcmp(alias, "again") == 0) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", open("/proc/self/mem", O_RDONLY));
        fd = open(path, O_RDWR);
    } else if (strcmp(alias, "path-only") == 0) {
        snprintf(path, sizeof path, "/dev/fd/%d", open("/proc/self/mem", O_PATH));
        fd = open(path, O_RDWR);
    } else if (strcmp(alias, "root") == 0)
        fd = open("/proc/self/root/proc/self/mem", O_RDWR);
    else if (strcmp(alias, "creat") == 0)
        fd = creat("/proc/self/mem", 0644);
    else if (strcmp(alias, "truncating") == 0)
        fd = open("/proc/self/mem", O_RDONLY | O_TRUNC);
    else if (strcmp(alias, "mount") == 0) {
        snprintf(path, sizeof path, "%s/self/mem", argv[2]);
        fd = open(path, O_RDWR);
    } else
        CHECK(!"a known alias");
    printf("%d\n", fd < 0 ? errno : 0);
    return 0;
}
