/* Prints the environment, one variable a line, as it is. */
#include "guest.h"

extern char **environ;

int main(void)
{
    for (char **variable = environ; *variable; variable++)
        puts(*variable);
    return 0;
}
