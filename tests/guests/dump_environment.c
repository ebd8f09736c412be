/* Writes its environment as it is, NUL after each entry: what execve was given, byte for byte. Nothing interprets it on the way (a C library keeps
 * entries that are no NAME=VALUE, and repeated names). */
#include "guest.h"

extern char **environ;

int main(void)
{
    for (char **entry = environ; *entry; entry++)
        CHECK(fwrite(*entry, strlen(*entry) + 1, 1, stdout) == 1);
    return 0;
}
