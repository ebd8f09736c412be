/* writes PATH [COUNT]: so many refused writes by one thread; each is one violation. */
#include "guest.h"

int main(int argc, char **argv)
{
    int count = argc > 2 ? atoi(argv[2]) : 1;
    for (int i = 0; i < count; i++)
        refused(argv[1]);
    return 0;
}
