/* fuse_server DIRECTORY: mounts a small file system in memory there (FUSE, by /dev/fuse itself: Documentation/filesystems/fuse.rst), says `ready` and serves it until its
 * standard input ends. Run by tests, not confined; needs root. Nothing that it says may be kept (all timeouts are 0), so that every look-up is asked of it; and a look-up
 * of `stuck` is never answered; it says `asked` then. */
#include "guest.h"
#include <dirent.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sys/mount.h>

#define NODES 64
static struct node {
    uint64_t parent; /* 0: free */
    char name[64];
    mode_t mode;
    char data[4096]; /* of a file, or a link's text */
    size_t size;
} nodes[NODES]; /* numbered from 1, the root */

static int device;

static void reply(const struct fuse_in_header *in, int error, const void *data, size_t length)
{
    char out[8192];
    struct fuse_out_header header = { .len = (uint32_t)(sizeof header + length), .error = error, .unique = in->unique };
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, data, length);
    if (write(device, out, header.len) < 0 && errno != ENOENT) /* interrupted meanwhile */
        perror("reply");
}

static void fail(const struct fuse_in_header *in, int error)
{
    reply(in, -error, "", 0);
}

static struct fuse_attr attributes(uint64_t id)
{
    const struct node *node = &nodes[id];
    return (struct fuse_attr){ .ino = id, .size = node->size, .mode = node->mode, .nlink = S_ISDIR(node->mode) ? 2 : 1, .blksize = 4096 };
}

static uint64_t find(uint64_t parent, const char *name)
{
    for (uint64_t id = 2; id < NODES; id++)
        if (nodes[id].parent == parent && strcmp(nodes[id].name, name) == 0)
            return id;
    return 0;
}

static uint64_t make(uint64_t parent, const char *name, mode_t mode)
{
    for (uint64_t id = 2; id < NODES; id++)
        if (nodes[id].parent == 0) {
            nodes[id] = (struct node){ .parent = parent, .mode = mode };
            snprintf(nodes[id].name, sizeof nodes[id].name, "%s", name);
            return id;
        }
    return 0;
}

static struct fuse_entry_out entry(uint64_t id)
{
    return (struct fuse_entry_out){ .nodeid = id, .attr = attributes(id) };
}

static void reply_entry(const struct fuse_in_header *in, uint64_t id)
{
    struct fuse_entry_out out = entry(id);
    if (id == 0)
        fail(in, ENOENT);
    else
        reply(in, 0, &out, sizeof out);
}

static void reply_attributes(const struct fuse_in_header *in)
{
    struct fuse_attr_out out = { .attr = attributes(in->nodeid) };
    reply(in, 0, &out, sizeof out);
}

static void set_attributes(const struct fuse_in_header *in, const struct fuse_setattr_in *set)
{
    struct node *node = &nodes[in->nodeid];
    if (set->valid & FATTR_MODE)
        node->mode = (node->mode & S_IFMT) | (set->mode & 07777);
    if (set->valid & FATTR_SIZE)
        node->size = set->size;
    reply_attributes(in);
}

static void create(const struct fuse_in_header *in, const struct fuse_create_in *how)
{
    struct {
        struct fuse_entry_out entry;
        struct fuse_open_out open;
    } out = { entry(make(in->nodeid, (const char *)(how + 1), how->mode)), { 0 } };
    reply(in, 0, &out, sizeof out);
}

static void write_file(const struct fuse_in_header *in, const struct fuse_write_in *what)
{
    struct node *node = &nodes[in->nodeid];
    struct fuse_write_out out = { .size = what->size };
    if (what->offset + what->size > sizeof node->data) {
        fail(in, EFBIG);
        return;
    }
    memcpy(node->data + what->offset, what + 1, what->size);
    if (node->size < what->offset + what->size)
        node->size = what->offset + what->size;
    reply(in, 0, &out, sizeof out);
}

static void serve(const struct fuse_in_header *in, const void *argument)
{
    struct node *node = &nodes[in->nodeid < NODES ? in->nodeid : 0];
    struct fuse_open_out opened = { .open_flags = FOPEN_DIRECT_IO };
    uint64_t id;
    switch (in->opcode) {
    case FUSE_INIT: {
        struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096 };
        reply(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_LOOKUP:
        if (strcmp(argument, "stuck") != 0) {
            reply_entry(in, find(in->nodeid, argument));
            break;
        }
        puts("asked");
        fflush(stdout);
        break;
    case FUSE_GETATTR: reply_attributes(in); break;
    case FUSE_SETATTR: set_attributes(in, argument); break;
    case FUSE_CREATE: create(in, argument); break;
    case FUSE_MKDIR:
        reply_entry(in, make(in->nodeid, (const char *)((const struct fuse_mkdir_in *)argument + 1), S_IFDIR | ((const struct fuse_mkdir_in *)argument)->mode));
        break;
    case FUSE_SYMLINK:
        id = make(in->nodeid, argument, S_IFLNK | 0777);
        nodes[id].size = strlen(strcpy(nodes[id].data, (const char *)argument + strlen(argument) + 1));
        reply_entry(in, id);
        break;
    case FUSE_READLINK: reply(in, 0, node->data, node->size); break;
    case FUSE_UNLINK:
    case FUSE_RMDIR:
        nodes[find(in->nodeid, argument)].parent = 0;
        fail(in, 0);
        break;
    case FUSE_OPEN:
    case FUSE_OPENDIR: reply(in, 0, &opened, sizeof opened); break;
    case FUSE_READ: {
        const struct fuse_read_in *what = argument;
        size_t from = what->offset < node->size ? what->offset : node->size;
        reply(in, 0, node->data + from, node->size - from < what->size ? node->size - from : what->size);
        break;
    }
    case FUSE_WRITE: write_file(in, argument); break;
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_FLUSH: fail(in, 0); break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT: break;
    default: fail(in, ENOSYS);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    char options[128];
    static char request[65536] __attribute__((aligned(8)));
    umask(0);
    nodes[1] = (struct node){ .parent = 1, .mode = S_IFDIR | 0755 };
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    CHECK(device >= 0);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
    CHECK(mount("catbox", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) == 0);
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct pollfd waits[2] = { { device, POLLIN, 0 }, { 0, POLLIN, 0 } };
        CHECK(poll(waits, 2, -1) > 0);
        if (waits[1].revents)
            break;
        ssize_t length = read(device, request, sizeof request);
        if (length >= (ssize_t)sizeof(struct fuse_in_header))
            serve((const struct fuse_in_header *)request, request + sizeof(struct fuse_in_header));
        else if (errno == ENODEV)
            return 0;
    }
    close(device); /* whoever waits for an answer gets ENOTCONN */
    CHECK(umount2(argv[1], MNT_DETACH) == 0);
    return 0;
}
