/*
 * pingpong [-c CPU] COUNT - two processes that hand one byte to and fro through pipes; prints nanoseconds per hand-over. It is what the machine asks for
 * a switch between two processes, on one CPU or on two, and so what part of a stop nobody can take away.
 */
#include "common.h"
#include <sys/wait.h>

int main(int argc, char **argv)
{
    int cpu = -1, option;
    while ((option = getopt(argc, argv, "c:")) != -1) {
        if (option != 'c')
            return 125;
        cpu = atoi(optarg);
    }
    long count = optind < argc ? atol(argv[optind]) : 100000;
    int there[2], back[2];
    char byte = 0;
    pin(cpu);
    if (count < 1 || pipe(there) != 0 || pipe(back) != 0)
        die("pipe");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        close(there[1]);
        while (read(there[0], &byte, 1) == 1)
            if (write(back[1], &byte, 1) != 1)
                break;
        _exit(0);
    }
    close(there[0]);
    uint64_t start = now_ns();
    for (long i = 0; i < count; i++)
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            die("pipe");
    uint64_t end = now_ns();
    close(there[1]);
    waitpid(child, NULL, 0);
    printf("%.1f\n", (double)(end - start) / (double)(2 * count));
    return 0;
}
