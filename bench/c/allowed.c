/*
 * allowed COUNT open|chmod|mkdir PATH - the guest of the bench of allowed calls: makes COUNT calls that a sandbox judges and lets through, below a directory that
 * it may write to, and prints, alone on a line, nanoseconds per call. A tenth of COUNT goes before, unmeasured. Exit code 3 when a call failed.
 *
 *   open    opens PATH for writing (it is made first), and closes it
 *   chmod   changes PATH's mode (it is made first)
 *   mkdir   makes PATH and removes it: two judged calls, counted as two
 *
 * Its calls go through functions of the C library, after which no register is expected to hold an argument still (tracer -w bare).
 *
 * It maps the page that the tracer of this directory (tracer -w slot) writes judged arguments to: the reference need not inject one.
 */
#include "common.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum kind { OPEN, CHMOD, MKDIR };

static int call(enum kind kind, const char *path, long i)
{
    int fd;
    switch (kind) {
    case CHMOD:
        return chmod(path, i % 2 == 0 ? 0644 : 0600);
    case MKDIR:
        return i % 2 == 0 ? mkdir(path, 0755) : rmdir(path);
    default:
        fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd >= 0)
            close(fd);
        return fd < 0 ? -1 : 0;
    }
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 0, failed = 0;
    if (argc != 4 || count < 20) {
        fprintf(stderr, "usage: allowed COUNT open|chmod|mkdir PATH\n");
        return 125;
    }
    enum kind kind = strcmp(argv[2], "chmod") == 0 ? CHMOD : strcmp(argv[2], "mkdir") == 0 ? MKDIR : OPEN;
    count -= count % 20;
    if (mmap((void *)REFERENCE_SLOT, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
        die("mmap");
    if (kind != MKDIR) {
        int fd = open(argv[3], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0)
            die(argv[3]);
        close(fd);
    }
    for (long i = 0; i < count / 10; i++)
        failed += call(kind, argv[3], i) != 0;
    uint64_t start = now_ns();
    for (long i = 0; i < count; i++)
        failed += call(kind, argv[3], i) != 0;
    uint64_t end = now_ns();
    if (failed != 0) {
        fprintf(stderr, "allowed: %ld calls of %s failed\n", failed, argv[2]);
        return 3;
    }
    printf("%.1f\n", (double)(end - start) / (double)count);
    return 0;
}
