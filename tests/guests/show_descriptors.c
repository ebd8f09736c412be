/* Prints the open descriptors, one a line with what they are; the one that lists them is left out. */
#include "guest.h"
#include <dirent.h>

int main(void)
{
    DIR *directory = opendir("/proc/self/fd");
    CHECK(directory != NULL);
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        char path[64], target[PATH_MAX];
        if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(directory))
            continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", atoi(entry->d_name));
        ssize_t n = readlink(path, target, sizeof target - 1);
        CHECK(n > 0);
        target[n] = 0;
        printf("%s %s\n", entry->d_name, target);
    }
    return 0;
}
