/* opens_in_shared_memory: processes that share an address space, or got a copy of one, open files for writing, while another of them waits in the open of a FIFO. Whatever a
 * tracer keeps in the memory of a guest belongs to the memory and not to the process. */
#include "guest.h"

static int opens(void *name)
{
    struct stat by_fd, by_name;
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && fstat(fd, &by_fd) == 0 && stat(name, &by_name) == 0 && by_fd.st_ino == by_name.st_ino);
    close(fd);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return opens(argv[1]);
    CHECK(mkfifo("fifo", 0600) == 0);

    /* A child that waits in an open, in the same memory. */
    pid_t waiter = clone(opens, stack_top(), CLONE_VM | SIGCHLD, "fifo");
    CHECK(waiter > 0);
    opens("parent");
    pid_t sharer = clone(opens, stack_top(), CLONE_VM | SIGCHLD, "sharer");
    exits_with(sharer, 0);

    /* A copy of it, and a copy of the copy. */
    pid_t child = fork();
    if (child == 0) {
        opens("child");
        pid_t grandchild = fork();
        if (grandchild == 0)
            _exit(opens("grandchild"));
        exits_with(grandchild, 0);
        _exit(opens("child again"));
    }
    opens("parent again");
    exits_with(child, 0);

    /* The same memory until it executes, and another then. */
    child = vfork();
    if (child == 0) {
        opens("vforked");
        execl("/proc/self/exe", "opens_in_shared_memory", "executed", (char *)NULL);
        _exit(98);
    }
    exits_with(child, 0);
    int reader = open("fifo", O_RDONLY | O_CLOEXEC);
    CHECK(reader >= 0);
    exits_with(waiter, 0);
    return opens("parent at last");
}
