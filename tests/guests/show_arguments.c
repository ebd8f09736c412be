/* Prints every argument as hexadecimal, one a line: arguments are bytes, not text. */
#include "guest.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        for (const unsigned char *c = (unsigned char *)argv[i]; *c; c++)
            printf("%02x", *c);
        printf("\n");
    }
    return 0;
}
