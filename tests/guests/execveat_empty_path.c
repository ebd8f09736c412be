/* execveat_empty_path PROGRAM ARG: the program is the descriptor itself (fexecve): there is no name to judge but the object's. */
#include "guest.h"

extern char **environ;

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    int program = open(argv[1], O_PATH | O_CLOEXEC);
    CHECK(program >= 0);
    char *arguments[] = { argv[1], argv[2], NULL };
    syscall(SYS_execveat, program, "", arguments, environ, AT_EMPTY_PATH);
    CHECK(!"execveat came back");
}
