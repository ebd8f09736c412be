/*
 * rusage FILE COMMAND ARGS... - runs COMMAND and appends one line to FILE: wall microseconds, user microseconds, system microseconds, peak KiB.
 * The peak is that of the largest process in the waited-for tree (getrusage(2), RUSAGE_CHILDREN). The exit code is the command's.
 * The command is started by vfork + exec from this small program, so that its own start is not measured with a shell's memory in it.
 */
#include "common.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static long long micros(struct timeval t) { return (long long)t.tv_sec * 1000000 + t.tv_usec; }

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: rusage FILE COMMAND ARGS...\n");
        return 125;
    }
    signal(SIGINT, SIG_IGN); /* the command gets it too, and its end is what counts */
    uint64_t start = now_ns();
    pid_t child = vfork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        _exit(errno == ENOENT ? 127 : 126);
    }
    if (child < 0)
        die("vfork");
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            die("wait4");
    uint64_t end = now_ns();
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        die(argv[1]);
    dprintf(fd, "%llu %lld %lld %ld\n", (unsigned long long)((end - start) / 1000), micros(usage.ru_utime), micros(usage.ru_stime), usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
