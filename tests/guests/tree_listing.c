/* tree_listing DIRECTORY: everything in a directory, sorted, however deep: kind, mode, owner, number of links, size, the times that a call set (2001), target
 * or content. It is run without a sandbox; what may not be read is made readable first, which is why it comes last. */
#include "guest.h"
#include <dirent.h>

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void content(int directory, const char *name, long size)
{
    unsigned long hash = 5381;
    unsigned char bytes[4096];
    ssize_t n;
    fchmodat(directory, name, 0600, 0);
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++)
            hash = hash * 33 + bytes[i];
    close(fd);
    printf(" %ld bytes %lx", size, hash);
}

/* By descriptors: a path may be too long to be said. */
static void list(int directory, int depth)
{
    char *names[4096];
    size_t count = 0;
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(copy >= 0);
    DIR *entries = fdopendir(copy);
    CHECK(entries);
    for (struct dirent *entry; (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            CHECK(count < sizeof names / sizeof *names);
            names[count++] = strdup(entry->d_name);
        }
    closedir(entries);
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 0; i < count; i++) {
        struct stat stat;
        char target[PATH_MAX] = { 0 };
        CHECK(fstatat(directory, names[i], &stat, AT_SYMLINK_NOFOLLOW) == 0);
        printf("%*s%s %o %u:%u %ld", depth, "", names[i], stat.st_mode, stat.st_uid, stat.st_gid, (long)stat.st_nlink);
        if (stat.st_mtime == 1000000000)
            printf(" of 2001");
        if (S_ISLNK(stat.st_mode) && readlinkat(directory, names[i], target, sizeof target - 1) >= 0)
            printf(" -> %s", target);
        if (S_ISREG(stat.st_mode))
            content(directory, names[i], (long)stat.st_size);
        putchar('\n');
        if (S_ISDIR(stat.st_mode)) {
            fchmodat(directory, names[i], 0700, 0);
            int below = openat(directory, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below >= 0) { /* somebody else's, which only a privileged call could have made */
                list(below, depth + 1);
                close(below);
            }
        }
        free(names[i]);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    int fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(fd >= 0);
    list(fd, 0);
    return 0;
}
