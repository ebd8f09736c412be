/* execveat_memfd PROGRAM ARG: a program that lies in no directory at all; it is as confined as any other. */
#include "guest.h"

extern char **environ;

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    int from = open(argv[1], O_RDONLY | O_CLOEXEC);
    int program = memfd_create("program", MFD_CLOEXEC);
    CHECK(from >= 0 && program >= 0);
    char block[65536];
    ssize_t n;
    while ((n = read(from, block, sizeof block)) > 0)
        CHECK(write(program, block, (size_t)n) == n);
    CHECK(n == 0);
    char *arguments[] = { argv[1], argv[2], NULL };
    syscall(SYS_execveat, program, "", arguments, environ, AT_EMPTY_PATH);
    CHECK(!"execveat came back");
}
