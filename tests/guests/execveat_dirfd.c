/* execveat_dirfd DIR NAME ARG: a program named relative to a directory descriptor. */
#include "guest.h"

extern char **environ;

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    int directory = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(directory >= 0);
    char *arguments[] = { argv[2], argv[3], NULL };
    syscall(SYS_execveat, directory, argv[2], arguments, environ, 0);
    CHECK(!"execveat came back");
}
