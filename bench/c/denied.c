/*
 * denied COUNT [open|unlink|mkdir] [PATH] - the guest of the bench of denied calls: makes COUNT calls that a sandbox refuses and prints, alone on a line,
 * nanoseconds per call. A tenth of COUNT goes before, unmeasured. Exit code 3 when a call was not refused with EACCES: then the number would
 * not be what it says (override with DENIED_ANY=1, to see the call without a sandbox).
 *
 * The descriptor for the number is taken from DENIED_FD (1 by default), so that a sandbox that owns stdout can be measured too.
 */
#include "common.h"
#include <fcntl.h>
#include <sys/stat.h>

enum kind { OPEN, UNLINK, MKDIR };

static long call(enum kind kind, const char *path)
{
    switch (kind) {
    case UNLINK:
        return unlink(path);
    case MKDIR:
        return mkdir(path, 0755);
    default: {
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (fd >= 0)
            close(fd);
        return fd;
    }
    }
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 100000;
    const char *name = argc > 2 ? argv[2] : "open";
    const char *path = argc > 3 ? argv[3] : "/usr/share/catbox-bench-denied";
    const char *out = getenv("DENIED_FD");
    int any = getenv("DENIED_ANY") != NULL;
    enum kind kind = strcmp(name, "unlink") == 0 ? UNLINK : strcmp(name, "mkdir") == 0 ? MKDIR : OPEN;
    if (count < 10) {
        fprintf(stderr, "usage: denied COUNT [open|unlink|mkdir] [PATH]\n");
        return 125;
    }

    long refused = 0;
    for (long i = 0; i < count / 10; i++)
        call(kind, path);
    uint64_t start = now_ns();
    for (long i = 0; i < count; i++)
        refused += call(kind, path) < 0 && errno == EACCES;
    uint64_t end = now_ns();
    if (refused != count && !any) {
        fprintf(stderr, "denied: only %ld of %ld calls of %s were refused with EACCES\n", refused, count, name);
        return 3;
    }
    dprintf(out ? atoi(out) : 1, "%.1f\n", (double)(end - start) / (double)count);
    return 0;
}
