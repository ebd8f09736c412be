/* Executes a program with an environment that no shell would make: the kernel (fs/exec.c, copy_strings) takes any strings, and hands them on. */
#include "guest.h"

extern char **environ;

int main(int argc, char **argv)
{
    static char *odd[] = {
        "CATBOX_LATIN1=\xe4\xff", "CATBOX_CUT=\xe2\x82", "CATBOX_SURROGATE=\xed\xa0\x80\xc0\x80 x", "CATBOX_\xff=\xfe", "CATBOX_EMPTY=",
        "CATBOX_EQUALS=a=b==", "CATBOX_TWICE=first", "CATBOX_TWICE=second", "CATBOX_LINES=a\nb", "CATBOX_REPLACEMENT=\xef\xbf\xbd", "no_equals_sign",
        "=no name", "==", "", "CATBOX_BEHIND_THE_EMPTY_ONE=1",
    };
    static char *all[4096];
    int count = 0;
    CHECK(argc > 1);
    while (environ[count] && count < 4000) {
        all[count] = environ[count];
        count++;
    }
    memcpy(all + count, odd, sizeof odd);
    execvpe(argv[1], argv + 1, all);
    CHECK(!"execvpe");
}
