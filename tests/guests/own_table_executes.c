/* own_table_executes HOW FILE: a thread with a descriptor table of its own (own_table.h) executes a program: its table is the process's from then on, and its leader's is gone. Under 10 the
 * thread had FILE, which may only be read, and the leader a memfd; under 11 it was the other way about. */
#include "own_table.h"

static int memory, file;
static char **arguments;

static void work(void)
{
    CHECK(dup2(file, 10) == 10 && dup2(memory, 11) == 11);
    char *next[] = { arguments[0], "after", NULL };
    execv("/proc/self/exe", next);
    CHECK(0);
}

static int after(void)
{
    struct stat opened, memory_is;
    CHECK(fstat(11, &memory_is) == 0 && write(11, "x", 1) == 1);
    char table[64];
    snprintf(table, sizeof table, "/proc/%d/fd/10", getpid());
    refused("/proc/self/fd/10");
    refused("/dev/fd/10");
    refused("/proc/thread-self/fd/10");
    refused(table);
    int fd = open("/proc/self/fd/11", O_WRONLY | O_TRUNC);
    CHECK(fd >= 0 && fstat(fd, &opened) == 0);
    CHECK(opened.st_ino == memory_is.st_ino && opened.st_dev == memory_is.st_dev && opened.st_size == 0);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return after();
    CHECK(argc == 3);
    arguments = argv;
    memory = memfd_create("memory", 0);
    file = open(argv[2], O_RDONLY);
    CHECK(memory >= 0 && file >= 0);
    start_apart(argv[1], CLONE_FILES, work);
    CHECK(dup2(memory, 10) == 10 && dup2(file, 11) == 11);
    turn_of_thread();
    return 0;
}
