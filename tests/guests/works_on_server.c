/* works_on_server DIR: works in a directory whose file system asks a server about every name (FUSE). Prints the errno of every call, which must be the same inside and
 * outside of a sandbox. */
#include "guest.h"
#include <linux/openat2.h>

static void say(const char *what, long result)
{
    printf("%s %s\n", what, result < 0 ? strerrorname_np(errno) : "ok");
    CHECK(fflush(stdout) == 0);
}

static void writes(const char *what, const char *path, int flags)
{
    int fd = open(path, flags | O_WRONLY | O_CLOEXEC, 0644);
    say(what, fd);
    if (fd >= 0) {
        CHECK(write(fd, "abc", 3) == 3);
        close(fd);
    }
}

static void beneath(const char *path)
{
    struct open_how how = { .flags = O_WRONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
    say(path, syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
}

int main(int argc, char **argv)
{
    char path[PATH_MAX];
    struct stat found;
    CHECK(argc == 2);
    snprintf(path, sizeof path, "%s/f", argv[1]);
    writes("create by an absolute path", path, O_CREAT | O_EXCL);
    writes("create again", path, O_CREAT | O_EXCL);
    writes("truncate by an absolute path", path, O_TRUNC);
    CHECK(chdir(argv[1]) == 0);
    writes("by a relative path", "f", O_TRUNC);
    writes("by dots", "./../mnt/f", 0);
    writes("by a longer way", "../../in/mnt/f", 0);
    writes("in a directory that is missing", "nothing/f", O_CREAT);
    writes("below a file", "f/g", O_CREAT);
    say("mkdir", mkdir("d", 0755));
    writes("create below", "d/x", O_CREAT);
    writes("open a directory", "d", 0);
    say("symlink", symlink("d/x", "link"));
    writes("by a link", "link", 0);
    writes("not by a link", "link", O_NOFOLLOW);
    say("dangling", symlink("d/new", "dangling"));
    writes("make by a link", "dangling", O_CREAT);
    say("a link to a directory", symlink("d", "way"));
    writes("through a link", "way/x", O_TRUNC);
    writes("by cwd", "/proc/self/cwd/f", 0);
    beneath("d/x");
    beneath("way/x");
    writes("beside it", "../inner", O_CREAT);
    beneath("../inner");
    say("chmod", chmod("f", 0600));
    say("truncate", truncate("d/x", 1));
    int fd = open("f", O_RDWR | O_CLOEXEC);
    say("fchmod", fchmod(fd, 0640));
    say("ftruncate", ftruncate(fd, 2));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    writes("by a descriptor", path, 0);
    say("unlink", unlink("link"));
    say("unlink again", unlink("link"));
    say("chdir", chdir("d"));
    writes("from below", "../f", O_TRUNC);
    CHECK(stat("../f", &found) == 0);
    printf("%o %ld\n", found.st_mode, (long)found.st_size);
    say("unlink below", unlink("x"));
    say("unlink new", unlink("new"));
    say("rmdir", rmdir("../d"));
    return 0;
}
