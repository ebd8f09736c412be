/* opens_in_odd_memory WHAT: opens a file for writing where the memory of the process is not laid out, or not treated, as usual: READ_IMPLIES_EXEC, the bottom-up layout, a page at address 0
 * (personality(2)), all of it locked (mlockall(2)), mergeable, without huge pages (prctl(2)), thousands of mappings below the others, those and the lowest addresses taken,
 * sealed neighbours. Prints the errno, 0 where it works; what was opened went by pages that nobody can change. */
#include "slot.h"
#include <sys/personality.h>
#include <sys/prctl.h>

static void reserve(unsigned long at, size_t size, int prot)
{
    mmap((void *)at, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
}

int main(int argc, char **argv)
{
    CHECK(argc >= 2);
    const char *what = argv[1];
    int wanted = strcmp(what, "read_implies_exec") == 0 ? READ_IMPLIES_EXEC : strcmp(what, "bottom_up") == 0 ? ADDR_COMPAT_LAYOUT
        : strcmp(what, "not_random") == 0 ? ADDR_NO_RANDOMIZE : strcmp(what, "page_at_zero") == 0 ? MMAP_PAGE_ZERO : 0;
    if (wanted != 0 && argc == 2) {
        CHECK(personality((unsigned)wanted) >= 0);
        execl("/proc/self/exe", argv[0], what, "executed", (char *)NULL);
        CHECK(0);
    }
    if (strcmp(what, "locked") == 0)
        CHECK(mlockall(MCL_CURRENT | MCL_FUTURE) == 0 || errno == ENOMEM || errno == EPERM);
    if (strcmp(what, "mergeable") == 0)
        CHECK(prctl(67 /* PR_SET_MEMORY_MERGE */, 1, 0, 0, 0) == 0 || errno == EPERM || errno == EINVAL);
    if (strcmp(what, "without_huge_pages") == 0)
        CHECK(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0);
    if (strcmp(what, "many_below") == 0 || strcmp(what, "no_room_below") == 0)
        for (unsigned long i = 0; i < 6000; i++)
            reserve(0x20000000000 + i * 8192, 4096, i % 2 ? PROT_READ : PROT_NONE);
    if (strcmp(what, "no_room_below") == 0) {
        reserve(0x10000, 4096, PROT_NONE);
        reserve(0x11000, 0xfffef000, PROT_NONE);
    }
    if (strcmp(what, "sealed_neighbours") == 0) {
        /* Below what is mapped next, too: it comes into the hole. */
        char *area = mmap(NULL, 32 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(area != MAP_FAILED && munmap(area + (16 << 20), 65536 + 8192) == 0);
        syscall(462, area, 16 << 20, 0);
        syscall(462, area + (16 << 20) + 65536 + 8192, (16 << 20) - 65536 - 8192, 0);
    }
    int error = write_errno("file");
    if (error == 0)
        opens_sealed("file");
    dprintf(1, "%d", error);
    return 0;
}
