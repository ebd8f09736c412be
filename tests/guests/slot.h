/* Slots: where a tracer has put what it judged into the memory of this process. */
#ifndef SLOT_H
#define SLOT_H

#include "guest.h"

/* Whether a mapping of this process that cannot be written has these bytes, and whether all that have them are sealed (VmFlags sl): 0 it is nowhere, 1 sealed, -1 not. */
static inline int sealed_with(const char *text)
{
    FILE *smaps = fopen("/proc/self/smaps", "r");
    char line[8192], perms[8] = "", name[16], space;
    unsigned long a, b, start = 0, end = 0, inode = 1;
    int found = 0;
    CHECK(smaps != NULL);
    while (fgets(line, sizeof line, smaps)) {
        if (sscanf(line, "%lx-%lx %4s%c %*s %*s %lu %15s", &a, &b, perms, &space, &inode, name) == 5) {
            start = a;
            end = b;
        } else if (strncmp(line, "VmFlags:", 8) == 0 && inode == 0 && perms[0] == 'r' && perms[1] == '-' && end - start <= 16 << 20
            && memmem((char *)start, end - start, text, strlen(text) + 1) != NULL)
            found = found >= 0 && strstr(line, " sl") != NULL ? 1 : -1;
    }
    fclose(smaps);
    return found;
}

/* Opens a file of its own for writing. What the kernel read of it then must not be for others to change, which is looked at where GUEST_SEALS is in the environment: no other thread of
 * this process may open anything meanwhile. */
static inline void opens_sealed(const char *name)
{
    struct stat by_fd, by_name;
    char path[64];
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && fstat(fd, &by_fd) == 0 && stat(name, &by_name) == 0 && by_fd.st_ino == by_name.st_ino);
    snprintf(path, sizeof path, "/%s", name);
    /* The end of the canonical path. */
    CHECK(getenv("GUEST_SEALS") == NULL || sealed_with(path) == 1);
    close(fd);
}

#endif
