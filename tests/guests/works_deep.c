/* works_deep DIR: works in a directory that is deeper than a path can say (PATH_MAX). One gets there step by step, and the kernel then needs no path: all calls by relative names
 * work, while getcwd and readlink of /proc/self/cwd say ENAMETOOLONG. Prints the errno of every call, which must be the same inside and outside of a sandbox. */
#include "guest.h"
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>

static void say(const char *what, long result)
{
    printf("%s %s\n", what, result < 0 ? strerrorname_np(errno) : "ok");
    CHECK(fflush(stdout) == 0);
}

static int opened(const char *what, int dir, const char *path, int flags)
{
    int fd = openat(dir, path, flags | O_CLOEXEC, 0644);
    say(what, fd);
    return fd;
}

int main(int argc, char **argv)
{
    char name[201], fd_link[64];
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "sock" };
    CHECK(argc == 2 && chdir(argv[1]) == 0);
    memset(name, 'n', 200);
    name[200] = 0;
    for (int i = 0; i < 30; i++) {
        CHECK(mkdir(name, 0755) == 0 || errno == EEXIST);
        CHECK(chdir(name) == 0);
    }
    say("mkdir", mkdir("d", 0755));
    say("mkdir again", mkdir("d", 0755));
    int fd = opened("create", AT_FDCWD, "a", O_WRONLY | O_CREAT | O_EXCL);
    opened("create again", AT_FDCWD, "a", O_WRONLY | O_CREAT | O_EXCL);
    opened("by dots", AT_FDCWD, "./d/../a", O_WRONLY | O_TRUNC);
    opened("below", AT_FDCWD, "d/b", O_WRONLY | O_CREAT);
    opened("above", AT_FDCWD, "../above", O_WRONLY | O_CREAT);
    opened("missing", AT_FDCWD, "nothing/a", O_WRONLY | O_CREAT);
    opened("a directory", AT_FDCWD, "d", O_WRONLY);
    int dir = opened("to read", AT_FDCWD, "d", O_RDONLY | O_DIRECTORY);
    opened("from a descriptor", dir, "c", O_WRONLY | O_CREAT);
    opened("up from a descriptor", dir, "../a", O_RDWR);
    say("symlink", symlink("d/../a", "link"));
    opened("by a link", AT_FDCWD, "link", O_WRONLY);
    opened("not by a link", AT_FDCWD, "link", O_WRONLY | O_NOFOLLOW);
    say("dangling", symlink("d/new", "dangling"));
    opened("make by a link", AT_FDCWD, "dangling", O_WRONLY | O_CREAT);
    opened("by cwd", AT_FDCWD, "/proc/self/cwd/a", O_WRONLY);
    snprintf(fd_link, sizeof fd_link, "/proc/self/fd/%d", fd);
    opened("by fd", AT_FDCWD, fd_link, O_WRONLY);
    snprintf(fd_link, sizeof fd_link, "/proc/self/fd/%d/c", dir);
    opened("by fd of a directory", AT_FDCWD, fd_link, O_WRONLY);
    say("write", write(fd, "abc", 3));
    say("fchmod", fchmod(fd, 0600));
    say("ftruncate", ftruncate(fd, 1));
    say("fchown", fchown(fd, (uid_t)-1, (gid_t)-1));
    say("fchmod of a directory", fchmod(dir, 0700));
    say("truncate", truncate("a", 0));
    say("chmod", chmod("./a", 0644));
    say("chmod by a link", chmod("link", 0640));
    say("chown", chown("a", (uid_t)-1, (gid_t)-1));
    say("utimensat", utimensat(AT_FDCWD, "a", NULL, 0));
    say("setxattr", setxattr("a", "user.a", "v", 1, 0));
    say("mkfifo", mkfifo("fifo", 0644));
    say("rename", rename("a", "e"));
    say("rename above", rename("e", "../e"));
    say("rename back", rename("../e", "d/e"));
    say("link", link("d/e", "a"));
    int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    say("bind", bind(sock, (struct sockaddr *)&address, sizeof address));
    say("listen", listen(sock, 1));
    say("connect", connect(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&address, sizeof address));
    say("unlink", unlink("a"));
    say("rmdir full", rmdir("d"));
    say("script", (fd = openat(AT_FDCWD, "script", O_WRONLY | O_CREAT | O_CLOEXEC, 0755)));
    CHECK(write(fd, "#!/bin/true\n", 12) == 12 && close(fd) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        execl("./script", "script", (char *)NULL);
        _exit(errno);
    }
    int status;
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    printf("exec %d\n", status);
    say("remove", rmdir("../nothing"));
    CHECK(mkdir("gone", 0755) == 0 && chdir("gone") == 0 && rmdir("../gone") == 0);
    opened("in what is no more", AT_FDCWD, "a", O_WRONLY | O_CREAT);
    say("mkdir in what is no more", mkdir("a", 0755));
    return 0;
}
