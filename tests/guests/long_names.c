/* long_names DIR: names and paths at and over NAME_MAX and PATH_MAX. Prints the errno of every call: the lines must be the same
 * inside and outside of a sandbox, since a tracer that reads names has limits of its own to get wrong. */
#include "guest.h"

static void try(const char *kind, size_t length, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    printf("%s %zu open %d\n", kind, length, fd < 0 ? errno : 0);
    if (fd >= 0)
        close(fd);
    printf("%s %zu truncate %d\n", kind, length, truncate(path, 0) ? errno : 0);
    printf("%s %zu chmod %d\n", kind, length, chmod(path, 0600) ? errno : 0);
    printf("%s %zu unlink %d\n", kind, length, unlink(path) ? errno : 0);
    printf("%s %zu mkdir %d\n", kind, length, mkdir(path, 0755) ? errno : 0);
    printf("%s %zu rmdir %d\n", kind, length, rmdir(path) ? errno : 0);
    printf("%s %zu symlink %d\n", kind, length, symlink("target", path) ? errno : 0);
    unlink(path);
}

int main(int argc, char **argv)
{
    static char path[8192];
    CHECK(argc == 2);
    size_t base = strlen(argv[1]);
    for (size_t length = 254; length <= 257; length++) {
        memcpy(path, argv[1], base);
        path[base] = '/';
        memset(path + base + 1, 'n', length);
        path[base + 1 + length] = 0;
        try("name", length, path);
    }
    for (size_t length = 4093; length <= 4098; length++) {
        memset(path, '/', length);
        memcpy(path, argv[1], base);
        path[length - 1] = 'f';
        path[length] = 0;
        try("path", length, path);
    }
    return 0;
}
