/* Prints pid, process group and session. */
#include "guest.h"

int main(void)
{
    printf("%d %d %d\n", getpid(), getpgrp(), getsid(0));
    return 0;
}
