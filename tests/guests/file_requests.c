/* file_requests NAME PATH [TARGET]: one ioctl on a descriptor that was opened for reading (clones and blocks: for both), and its errno. What would hurt a machine if it
 * were let through is made with an argument that no file system takes. */
#include "guest.h"
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct map_query { uint64_t size, flags, address, rest[10]; };
struct page_scan { uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages, inverted, mask, anyof, returned; };

int main(int argc, char **argv)
{
    CHECK(argc >= 3);
    const char *name = argv[1];
    int writes = strncmp(name, "clone", 5) == 0 || strcmp(name, "zero_range") == 0;
    int fd = strcmp(argv[2], "socket") == 0 ? socket(AF_UNIX, SOCK_DGRAM, 0) : strcmp(argv[2], "none") == 0 ? -1 : open(argv[2], writes ? O_RDWR : O_RDONLY);
    CHECK(fd >= 0 || strcmp(argv[2], "none") == 0);
    int target = argc > 3 ? open(argv[3], O_RDONLY) : -1, flags = 0, no_fd = -1;
    char bytes[4096] = { 0 };
    struct fsxattr attributes = { 0 };
    struct fsverity_enable_arg verity = { .version = 1, .hash_algorithm = 1, .block_size = 4096 };
    struct fstrim_range nothing = { .start = ~0ull, .len = 0, .minlen = 0 };
    struct { struct file_dedupe_range range; struct file_dedupe_range_info info; } same = { { .src_length = 4096, .dest_count = 1 }, { .dest_fd = target } };
    struct file_clone_range part = { .src_fd = target, .src_length = 0 };
    struct map_query query = { .size = sizeof query, .address = (uint64_t)(uintptr_t)main };
    struct page_scan scan = { .size = sizeof scan, .start = 0, .end = 0x1000, .anyof = 1, .returned = 1 };
    long result = 0;
#define REQUEST(text, ...)                                                                                     \
    if (strcmp(name, text) == 0)                                                                               \
        result = ioctl(fd, __VA_ARGS__)
    REQUEST("freeze", 0xC0045877u, 0);
    else REQUEST("thaw", 0xC0045878u, 0);
    else REQUEST("trim", 0xC0185879u, &nothing);
    else REQUEST("label", 0x41009432u, bytes);
    else REQUEST("shutdown", 0x8004587Du, &(unsigned){ 99 });
    else REQUEST("resize", 0x40086610u, &(unsigned long){ 0 });
    else REQUEST("group_add", 0x40286608u, bytes);
    else REQUEST("group_extend", 0x40086607u, bytes);
    else REQUEST("move_extents", 0xC028660Fu, bytes);
    else REQUEST("swap_boot", 0x6611u, 0);
    else REQUEST("migrate", 0x6609u, 0);
    else REQUEST("checkpoint", 0x4004662Bu, &(unsigned){ 0x80 });
    else REQUEST("set_uuid", 0x4008662Du, bytes);
    else REQUEST("add_key", 0xC0506617u, bytes);
    else REQUEST("encryption_policy", 0x800C6613u, bytes);
    else REQUEST("path_to_handle", 0xC0385869u, bytes);
    else REQUEST("open_by_handle", 0xC038586Bu, bytes);
    else REQUEST("swap_extents", 0xC0C0586Du, bytes);
    else REQUEST("grow", 0x4010586Eu, bytes);
    else REQUEST("exchange_range", 0x40285881u, bytes);
    else REQUEST("subvolume", 0x5000940Eu, bytes);
    else REQUEST("snapshot_destroy", 0x5000940Fu, bytes);
    else REQUEST("destroy_by_id", 0x5000943Fu, bytes);
    else REQUEST("defragment", 0x50009402u, bytes);
    else REQUEST("defragment_range", 0x40309410u, bytes);
    else REQUEST("tree_search", 0xD0009411u, bytes);
    else REQUEST("inode_lookup", 0xD0009412u, bytes);
    else REQUEST("default_subvolume", 0x40089413u, bytes);
    else REQUEST("atomic_write", 0xF501u, 0);
    else REQUEST("unknown", 0x4004EE01u, bytes);
    else REQUEST("interface_flags", 0x8914u, bytes);
    else REQUEST("wireless", 0x8B1Au, bytes);
    else REQUEST("bridge", 0x89A0u, bytes);
    else REQUEST("device_private", 0x89F0u, bytes);
    else REQUEST("setflags", FS_IOC_SETFLAGS, &flags);
    else REQUEST("setversion", 0x40087602u, &flags);
    else REQUEST("fssetxattr", FS_IOC_FSSETXATTR, &attributes);
    else REQUEST("verity", FS_IOC_ENABLE_VERITY, &verity);
    else REQUEST("dedupe", FIDEDUPERANGE, &same);
    else REQUEST("clone", FICLONE, target);
    else REQUEST("clone_range", FICLONERANGE, &part);
    else REQUEST("clone_from_nothing", FICLONE, no_fd);
    else REQUEST("zero_range", 0x40305839u, bytes);
    else REQUEST("getflags", FS_IOC_GETFLAGS, &flags);
    else REQUEST("block_size", FIGETBSZ, &flags);
    else REQUEST("map_query", 0xC0686611u, &query);
    else REQUEST("page_scan", 0xC0606610u, &scan);
    else REQUEST("entropy", RNDADDTOENTCNT, &flags);
    else REQUEST("reseed", RNDRESEEDCRNG, 0);
    else CHECK(!"a known name");
    if (result == 0 && strcmp(name, "dedupe") == 0 && same.info.status < 0)
        result = -1, errno = -same.info.status;
    dprintf(1, "%d\n", result < 0 ? errno : 0);
    return 0;
}
