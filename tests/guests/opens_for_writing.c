/* opens_for_writing PATH: prints the errno of opening an existing file for reading and writing. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    int fd = open(argv[1], O_RDWR | O_CLOEXEC);
    printf("%d\n", fd < 0 ? errno : 0);
    return 0;
}
