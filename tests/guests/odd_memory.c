/* Makes calls whose arguments lie in memory of every kind, and prints what the kernel says: guard pages, pages that cannot be read or written, ends of mappings, addresses that are none.
 * argv: for each call "NAME NUMBER SPEC…", the spec being one word an argument:
 *   p path of a file   n name that is free   x attribute's name   sN structure of N bytes   a address of a socket   b address that is free   m message header   M array of one
 *   h open_how
 *   d AT_FDCWD   f descriptor of that file   S socket   N inotify   iN number */
#include "guest.h"
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { PAGE = 4096 };

static const char *const kinds[] = {
    "plain", "none", "read-only", "write-only", "execute-only", "ends-at-guard", "runs-into-guard", "into-read-only", "into-write-only", "unmapped",
    "into-unmapped", "null", "kernel", "non-canonical", "vsyscall", "beyond-file", "file", "top",
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static char *room; /* three pages that are made anew for each call */
static int file, socket_fd, inotify, receiver;
static const struct sockaddr_un address = {AF_UNIX, "address"}, free_address = {AF_UNIX, "new"};
static const struct iovec vector = {"ab", 2};
enum { ADDRESS = 2 + sizeof "address" };

/* Puts bytes where the kind says, and gives their address. */
static unsigned long place(int kind, const void *bytes, size_t length)
{
    static int two_pages = -1;
    CHECK(mmap(room, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == room);
    char *middle = room + PAGE, *at = middle;
    int first = PROT_READ | PROT_WRITE, second = PROT_READ | PROT_WRITE;
    switch (kind) {
    case 1: first = PROT_NONE; break;
    case 2: first = PROT_READ; break;
    case 3: first = PROT_WRITE; break;
    case 4: first = PROT_EXEC; break;
    case 5: at = middle + PAGE - length; second = PROT_NONE; break;
    case 6: at = middle + PAGE - length + 1; second = PROT_NONE; break;
    case 7: at = middle + PAGE - 1; second = PROT_READ; break;
    case 8: at = middle + PAGE - 1; second = PROT_WRITE; break;
    case 10: at = middle + PAGE - 1; break;
    case 11: return 0;
    case 12: return 0xffff888000000000;
    case 13: return 0x8000000000000000;
    case 14: return 0xffffffffff600000;
    case 15:
    case 16:
        if (two_pages < 0) {
            two_pages = open("pages", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
            CHECK(two_pages >= 0);
        }
        CHECK(ftruncate(two_pages, 0) == 0 && pwrite(two_pages, bytes, length, 0) == (ssize_t)length);
        CHECK(mmap(middle, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, two_pages, 0) == middle);
        return (unsigned long)(kind == 15 ? middle + PAGE : middle);
    case 17: return 0x7ffffffff000 - 1;
    default: break;
    }
    memcpy(at, bytes, length);
    if (kind == 9 || kind == 10)
        CHECK(munmap(kind == 9 ? middle : middle + PAGE, PAGE) == 0);
    else
        CHECK(mprotect(middle, PAGE, first) == 0 && mprotect(middle + PAGE, PAGE, second) == 0);
    return (unsigned long)at;
}

static void fresh(int fd, int made)
{
    CHECK(made >= 0 && dup3(made, fd, O_CLOEXEC) == fd && close(made) == 0);
}

static void reset(void)
{
    unlink("new");
    rmdir("new");
    fresh(file, open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    fresh(socket_fd, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

/* The bytes of an argument. In a message header two more things are pointed at, which are placed by the kind when part is 1 (name) or 2 (iovec). */
static size_t contents(const char *word, int part, int kind, char *into)
{
    memset(into, 0, 256);
    switch (word[0]) {
    case 'p': return (size_t)sprintf(into, "file") + 1;
    case 'n': return (size_t)sprintf(into, "new") + 1;
    case 'x': return (size_t)sprintf(into, "user.a") + 1;
    case 'a': memcpy(into, &address, ADDRESS); return ADDRESS;
    case 'b': memcpy(into, &free_address, ADDRESS); return ADDRESS;
    case 'h': into[0] = O_RDWR; return 24;
    case 'm':
    case 'M': {
        struct mmsghdr message = {.msg_len = 77};
        message.msg_hdr.msg_name = (void *)(part == 1 ? place(kind, &address, ADDRESS) : (unsigned long)&address);
        message.msg_hdr.msg_namelen = ADDRESS;
        message.msg_hdr.msg_iov = (void *)(part == 2 ? place(kind, &vector, sizeof vector) : (unsigned long)&vector);
        message.msg_hdr.msg_iovlen = 1;
        size_t length = word[0] == 'm' ? sizeof message.msg_hdr : sizeof message;
        memcpy(into, &message, length);
        return length;
    }
    default: return (size_t)atoi(word + 1);
    }
}

static void try(const char *name, long number, char **words, int count, int odd, int part, int kind)
{
    static char good[6][256];
    unsigned long values[6] = {0};
    reset();
    for (int i = 0; i < count; i++) {
        char bytes[256];
        switch (words[i][0]) {
        case 'i': values[i] = (unsigned long)strtol(words[i] + 1, NULL, 0); break;
        case 'd': values[i] = (unsigned long)AT_FDCWD; break;
        case 'f': values[i] = (unsigned long)file; break;
        case 'S': values[i] = (unsigned long)socket_fd; break;
        case 'N': values[i] = (unsigned long)inotify; break;
        default: {
            size_t length = contents(words[i], i == odd ? part : 0, kind, bytes);
            memcpy(good[i], bytes, sizeof bytes);
            values[i] = i == odd && part == 0 ? place(kind, bytes, length) : (unsigned long)good[i];
        }
        }
    }
    long result = syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]);
    int error = errno;
    if (result > 2 && words[0][0] != 'N')
        close((int)result);
    struct stat new = {0}, old = {0};
    char got[8];
    ssize_t sent = recv(receiver, got, sizeof got, MSG_DONTWAIT);
    int is_old = stat("file", &old) == 0 && old.st_mtime == 0;
    lstat("new", &new);
    printf("%s argument %d.%d %s: %s, new %o, links %d, old %d, sent %d", name, odd, part, kinds[kind], result < 0 ? strerrorname_np(error) : "done", new.st_mode,
           (int)old.st_nlink, is_old, (int)sent);
    if (words[odd][0] == 'M' && part == 0 && (kind == 0 || kind == 2 || kind == 5 || kind == 7 || kind == 16))
        printf(", length %u", ((struct mmsghdr *)values[odd])->msg_len);
    printf("\n");
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    room = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    receiver = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(room != MAP_FAILED && receiver >= 0 && bind(receiver, (const void *)&address, sizeof address) == 0);
    file = 100;
    socket_fd = 101;
    inotify = inotify_init1(IN_CLOEXEC);
    CHECK(inotify >= 0);
    for (int c = 1; c < argc; c++) {
        char *words[8], *rest = argv[c];
        int count = 0;
        for (char *word; count < 8 && (word = strsep(&rest, " ")) != NULL;)
            words[count++] = word;
        CHECK(count >= 3);
        for (int i = 0; i < count - 2; i++) {
            char type = words[i + 2][0];
            if (strchr("idfSN", type))
                continue;
            for (int part = 0; part < (type == 'm' || type == 'M' ? 3 : 1); part++)
                for (int kind = 0; kind < KINDS; kind++)
                    try(words[0], atol(words[1]), words + 2, count - 2, i, part, kind);
        }
    }
    fflush(stdout);
    return 0;
}
