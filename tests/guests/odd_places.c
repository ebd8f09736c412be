/* odd_places make|write BASE: makes directories below BASE, whose names mean something to a shell, a pattern or a terminal, or makes a file in each and says how many were made. What a violation
 * advises for them must be taken literally. */
#include "guest.h"

static const char *const names[] = {
    "plain", "sp ace", "it's", "\"dq\"", "*star*", "q?m", "[a-b]", "{b,c}", "~tilde", "\\x41", "back\\slash", "new\nline", "\xff\xfe", "$HOME", "trail ", "@at", "-dash", "a:b", "\xc3\xbc", "\xe2\x80\xae", "tab\t",
    "#hash", "%41", "!bang", "...", "(deleted)", "a;b", "&", "a=b", "**", "\x01\x1b[31m", "`id`",
};

int main(int argc, char **argv)
{
    int made = 0;
    CHECK(argc == 3);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s%s", argv[2], names[i], argv[1][0] == 'w' ? "/file" : "");
        if (argv[1][0] == 'm')
            CHECK(mkdir(path, 0755) == 0);
        else
            made += write_errno(path) == 0;
    }
    printf("%d of %zu\n", made, sizeof names / sizeof *names);
    return 0;
}
