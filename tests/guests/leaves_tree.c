/* Leaves in its TMPDIR what is hard to remove: a name that is not UTF-8, a tree that no path can name (PATH_MAX is a limit of one path, not of a tree), directories that
 * their owner may not write or even look into, and links that lead outside. */
#include "guest.h"

static void shut(const char *name, mode_t mode)
{
    CHECK(mkdir(name, 0755) == 0);
    char inner[64];
    snprintf(inner, sizeof inner, "%s/sub", name);
    CHECK(mkdir(inner, 0755) == 0);
    snprintf(inner, sizeof inner, "%s/sub/file", name);
    CHECK(close(open(inner, O_CREAT | O_WRONLY, 0444)) == 0);
    snprintf(inner, sizeof inner, "%s/sub", name);
    CHECK(chmod(inner, mode) == 0);
    CHECK(chmod(name, mode) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3); /* how deep, and a directory outside */
    CHECK(chdir(getenv("TMPDIR")) == 0);
    CHECK(close(open("latin1-\xe4\xff", O_CREAT | O_WRONLY, 0644)) == 0);
    CHECK(mkdir("dir-\xff", 0755) == 0);
    shut("read-only", 0555);
    shut("none", 0);
    CHECK(symlink(argv[2], "link") == 0);
    CHECK(symlink("/nowhere", "dangling") == 0);
    CHECK(mkfifo("fifo", 0600) == 0);
    for (int i = 0; i < atoi(argv[1]); i++) {
        CHECK(mkdir("a-rather-long-name-of-a-directory", 0755) == 0);
        CHECK(chdir("a-rather-long-name-of-a-directory") == 0);
    }
    CHECK(symlink(argv[2], "deepest") == 0);
    CHECK(chmod(".", 0555) == 0);
    printf("%s\n", getenv("TMPDIR"));
    return 0;
}
