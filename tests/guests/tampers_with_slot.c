/* tampers_with_slot: after a first open for writing, the guest has sealed pages of the tracer in its memory (VmFlags sl in smaps), from which the kernel reads what was judged.
 * Everything that could change them is tried: by the guest, by a thread, by a forked child and by one that shares the memory. Nothing may change a byte. */
#include "guest.h"
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/uio.h>

static char *slot;
static size_t size;
static int sink;
static char before[65536], after[65536];

static void find(void)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    unsigned long start = 0, end = 0, a, b;
    char perms[8], r;
    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx %4s%c", &a, &b, perms, &r) == 4) {
            start = a;
            end = b;
        } else if (strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " sl") && strncmp(perms, "r--p", 4) == 0) {
            slot = (char *)start;
            size = end - start;
        }
    }
    fclose(maps);
    CHECK(slot != NULL);
    CHECK(size >= 8192 && size <= sizeof before);
}

#define FAILS(call)                                                              \
    do {                                                                         \
        errno = 0;                                                               \
        long result = (long)(call);                                              \
        if (result != -1) {                                                      \
            dprintf(2, "%s:%d: not refused: %s\n", __FILE__, __LINE__, #call);   \
            _exit(99);                                                           \
        }                                                                        \
    } while (0)

static int tamper(void *unused)
{
    (void)unused;
    size_t page = 4096;
    FAILS(mprotect(slot, page, PROT_READ | PROT_WRITE));
    FAILS(mprotect(slot, size, PROT_READ | PROT_WRITE));
    FAILS(mprotect(slot - page, size + 2 * page, PROT_READ | PROT_WRITE));
    FAILS(mprotect(slot, size, PROT_NONE));
    FAILS(syscall(SYS_pkey_mprotect, slot, size, PROT_READ | PROT_WRITE, -1));
    FAILS(munmap(slot, page));
    FAILS(munmap(slot, size));
    FAILS(munmap(slot - page, size + 2 * page));
    FAILS(mmap(slot, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    FAILS(mmap(slot, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    FAILS(mmap(slot - page, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    char *own = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(own != MAP_FAILED);
    FAILS(mremap(slot, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, own));
    FAILS(mremap(own, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, slot));
    FAILS(mremap(slot, size, page, 0));
    FAILS(mremap(slot, size, 2 * size, MREMAP_MAYMOVE));
    FAILS(mremap(slot, 0, size, MREMAP_MAYMOVE));
    FAILS(mremap(slot, size, size, MREMAP_MAYMOVE | 4 /* MREMAP_DONTUNMAP */));
    int segment = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
    if (segment >= 0) {
        FAILS(shmat(segment, slot, SHM_REMAP));
        shmctl(segment, IPC_RMID, NULL);
    }
    FAILS(syscall(SYS_remap_file_pages, slot, page, 0, 0, 0));
    FAILS(madvise(slot, size, MADV_DONTNEED));
    FAILS(madvise(slot, size, MADV_FREE));
    FAILS(madvise(slot, size, MADV_REMOVE));
    FAILS(madvise(slot, size, MADV_WIPEONFORK));
    FAILS(madvise(slot, size, MADV_DONTFORK));
    FAILS(madvise(slot, size, 102 /* MADV_GUARD_INSTALL */));
    FAILS(madvise(slot, size, MADV_POPULATE_WRITE));
    /* These may pass, and change nothing. */
    madvise(slot, size, MADV_PAGEOUT);
    madvise(slot, size, MADV_MERGEABLE);
    madvise(slot, size, MADV_COLD);
    /* What the kernel writes for a guest it writes with the guest's rights. */
    int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    CHECK(zero >= 0);
    FAILS(read(zero, slot, 64));
    FAILS(pread(zero, slot + page, 64, 0));
    struct iovec here = { slot, 64 }, from = { own, 64 };
    FAILS(readv(zero, &here, 1));
    FAILS(process_vm_writev(getpid(), &from, 1, &here, 1, 0));
    close(zero);
    /* Nor can it hold on to the pages and write later: asynchronously, past the page cache, or when they are given away to a pipe. */
    aio_context_t context = 0;
    int image = open("image", O_RDONLY | O_DIRECT | O_CLOEXEC), plain = open("image", O_RDONLY | O_CLOEXEC);
    CHECK(plain >= 0 && syscall(SYS_io_setup, 8, &context) == 0);
    for (int i = 0; i < 2; i++) {
        struct iocb request = { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = (unsigned)(i ? plain : image), .aio_buf = (unsigned long)slot, .aio_nbytes = page };
        struct iocb *requests[] = { &request };
        struct io_event event = { 0 };
        if ((i || image >= 0) && syscall(SYS_io_submit, context, 1, requests) == 1)
            CHECK(syscall(SYS_io_getevents, context, 1, 1, &event, NULL) == 1 && event.res < 0);
    }
    CHECK(syscall(SYS_io_destroy, context) == 0);
    if (image >= 0) {
        FAILS(read(image, slot, page));
        FAILS(readv(image, &(struct iovec){ slot, page }, 1));
        close(image);
    }
    int ends[2];
    CHECK(pipe(ends) == 0);
    if (vmsplice(ends[1], &(struct iovec){ slot, page }, 1, SPLICE_F_GIFT) > 0) {
        FAILS(vmsplice(ends[0], &(struct iovec){ slot + page, page }, 1, 0));
        CHECK(splice(ends[0], NULL, sink, NULL, page, SPLICE_F_MOVE) > 0 && pwrite(sink, "changed", 7, 0) == 7);
    }
    close(ends[0]);
    close(ends[1]);
    close(plain);
    madvise(slot, size, 25 /* MADV_COLLAPSE */);
    mlock(slot, size);
    munlock(slot, size);
    syscall(SYS_mbind, slot, size, 0, NULL, 0, 1 << 1 /* MPOL_MF_MOVE */);
    prctl(0x53564d41 /* PR_SET_VMA */, 0, slot, page, "named");
    FAILS(syscall(SYS_futex, own, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1L, slot, FUTEX_OP(FUTEX_OP_SET, 0x41, FUTEX_OP_CMP_EQ, 0)));
    FAILS(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, slot));
    FAILS(syscall(SYS_getrandom, slot, 8, 0));
    FAILS(open("/proc/self/mem", O_RDWR | O_CLOEXEC));
    FAILS(open("/proc/thread-self/mem", O_WRONLY | O_CLOEXEC));
    FAILS(prctl(PR_SET_MM, PR_SET_MM_BRK, slot, 0, 0));
    munmap(own, 2 * size);
    return 0;
}

static void *tamper_in_thread(void *unused)
{
    tamper(unused);
    return NULL;
}

static void unchanged(void)
{
    memcpy(after, slot, size);
    CHECK(memcmp(before, after, size) == 0);
}

int main(void)
{
    sink = open("sink", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    int image = open("image", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(sink >= 0 && image >= 0 && ftruncate(image, 65536) == 0 && fsync(image) == 0 && close(image) == 0);
    CHECK(write_errno("first") == 0);
    find();
    /* The slot has the last path that was opened. */
    CHECK(memmem(slot, size, "/first", 7) != NULL);
    CHECK(munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096) == 0);
    memcpy(before, slot, size);

    tamper(NULL);
    unchanged();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, tamper_in_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
    unchanged();
    pid_t child = fork();
    if (child == 0) {
        tamper(NULL);
        unchanged();
        CHECK(write_errno("forked") == 0);
        CHECK(memmem(slot, size, "/forked", 8) != NULL);
        _exit(0);
    }
    exits_with(child, 0);
    unchanged();
    child = clone(tamper, stack_top(), CLONE_VM | SIGCHLD, NULL);
    CHECK(child > 0);
    exits_with(child, 0);
    unchanged();
    CHECK(write_errno("last") == 0);
    CHECK(memmem(slot, size, "/last", 6) != NULL);
    return 0;
}
