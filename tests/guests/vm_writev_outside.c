/* vm_writev_outside PID ADDRESS: the memory of a process of the same user, the host's above all, can be written by process_vm_writev(2). */
#include "guest.h"
#include <sys/uio.h>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char byte = 'x';
    struct iovec mine = { &byte, 1 }, theirs = { (void *)strtoul(argv[2], NULL, 10), 1 };
    CHECK(process_vm_writev(atoi(argv[1]), &mine, 1, &theirs, 1, 0) == -1 && errno == EPERM);
    CHECK(process_vm_readv(atoi(argv[1]), &mine, 1, &theirs, 1, 0) == -1 && errno == EPERM);
    return 0;
}
