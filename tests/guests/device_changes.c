/* device_changes NAME PATH [OTHER]: changes the thing that a path names, or what stands under its name, without writing to it; the errno. */
#include "guest.h"
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>

int main(int argc, char **argv)
{
    CHECK(argc >= 3);
    const char *name = argv[1], *path = argv[2], *other = argc > 3 ? argv[3] : "";
    const struct timespec early[2] = { { 1, 0 }, { 1, 0 } };
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY), held = open(path, O_PATH), s = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct stat is = { 0 };
    char link[64];
    long result = 0;
    fstatat(AT_FDCWD, path, &is, 0);
    snprintf(link, sizeof link, "/proc/self/fd/%d", held);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
#define CALL(text, ...)                                                                                        \
    if (strcmp(name, text) == 0)                                                                               \
        result = __VA_ARGS__
    CALL("chmod", chmod(path, is.st_mode & 07777));
    else CALL("fchmod", fchmod(fd, is.st_mode & 07777));
    else CALL("chmod-link", chmod(link, is.st_mode & 07777));
    else CALL("chown", chown(path, is.st_uid, is.st_gid));
    else CALL("fchown", fchown(fd, is.st_uid, is.st_gid));
    else CALL("fchownat-empty", fchownat(held, "", is.st_uid, is.st_gid, AT_EMPTY_PATH));
    else CALL("utimensat", utimensat(AT_FDCWD, path, early, 0));
    else CALL("futimens", futimens(fd, early));
    else CALL("setxattr", setxattr(path, "trusted.catbox", "1", 1, 0));
    else CALL("fsetxattr", fsetxattr(fd, "trusted.catbox", "1", 1, 0));
    else CALL("acl", setxattr(path, "system.posix_acl_access", "\2\0\0\0", 4, 0));
    else CALL("removexattr", removexattr(path, "trusted.catbox"));
    else CALL("link", linkat(AT_FDCWD, path, AT_FDCWD, other, 0));
    else CALL("link-descriptor", linkat(AT_FDCWD, link, AT_FDCWD, other, AT_SYMLINK_FOLLOW));
    else CALL("rename", rename(path, other));
    else CALL("rename-over", rename(other, path));
    else CALL("unlink", unlink(path));
    else CALL("mknod", mknod(path, S_IFREG | 0644, 0));
    else CALL("bind", bind(s, (struct sockaddr *)&address, sizeof address));
    else CALL("create", (fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644)) < 0 ? -1 : 0);
    else CALL("write", (fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY, 0644)) < 0 ? -1 : 0);
    else CHECK(!"a known name");
    dprintf(1, "%d\n", result < 0 ? errno : 0);
    return 0;
}
