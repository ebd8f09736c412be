/* Which of 0-2 a program was started with (fcntl(2), F_GETFD): what is closed at an exec stays closed. It tells so in a file, since it may have no stdout, and makes one write that a policy
 * refuses, so that whoever confines it has something to say. */
#include "guest.h"

int main(int argc, char **argv)
{
    char text[8] = "";
    for (int fd = 0; fd < 3; fd++)
        strcat(text, fcntl(fd, F_GETFD) < 0 ? "-" : "o");
    CHECK(argc == 3);
    write_errno(argv[2]);
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    CHECK(fd >= 0);
    CHECK(write(fd, text, 3) == 3);
    return 3;
}
