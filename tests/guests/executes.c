/* executes PROGRAM: becomes it. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    execl(argv[1], argv[1], (char *)NULL);
    return 42;
}
