/* refused_calls NAME DIRECTORY: makes the one call with arguments that the kernel would take far (a directory inside), and says its errno. To root too
 * these are refused: each would change what a path, a process or the machine is under the engine's feet. Nothing is done here that hurts the machine
 * if it were let through: what names an object names one that is not there, and what sets something sets what is. */
#include "guest.h"
#include <sys/time.h>
#include <sys/utsname.h>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *name = argv[1], *inside = argv[2];
    struct utsname host;
    struct timeval never = { .tv_usec = -1 };
    char bytes[256] = { 0 };
    long result = 0;
    CHECK(uname(&host) == 0);
#define CALL(text, ...)                                                                                        \
    if (strcmp(name, text) == 0)                                                                               \
        result = syscall(__VA_ARGS__)
    CALL("chroot", SYS_chroot, inside);
    else CALL("pivot_root", SYS_pivot_root, inside, inside);
    else CALL("mount", SYS_mount, "none", inside, "tmpfs", 0L, NULL);
    else CALL("umount2", SYS_umount2, inside, 0L);
    else CALL("open_tree", SYS_open_tree, AT_FDCWD, inside, 0L);
    else CALL("move_mount", SYS_move_mount, AT_FDCWD, inside, AT_FDCWD, inside, 0L);
    else CALL("fsopen", SYS_fsopen, "tmpfs", 0L);
    else CALL("setns", SYS_setns, -1, 0L);
    else CALL("unshare-user", SYS_unshare, (long)CLONE_NEWUSER);
    else CALL("unshare-mounts", SYS_unshare, (long)CLONE_NEWNS);
    else CALL("name_to_handle_at", SYS_name_to_handle_at, AT_FDCWD, inside, bytes, bytes + 128, 0L);
    else CALL("open_by_handle_at", SYS_open_by_handle_at, AT_FDCWD, bytes, 0L);
    else CALL("swapon", SYS_swapon, "/nonexistent", 0L);
    else CALL("quotactl", SYS_quotactl, -1L, "/nonexistent", 0L, bytes);
    else CALL("acct", SYS_acct, "/nonexistent/x");
    else CALL("sethostname", SYS_sethostname, host.nodename, strlen(host.nodename));
    else CALL("settimeofday", SYS_settimeofday, &never, NULL);
    else CALL("init_module", SYS_init_module, bytes, 1L, "");
    else CALL("bpf", SYS_bpf, -1L, bytes, 0L);
    else CALL("kexec_load", SYS_kexec_load, 0L, 0L, NULL, -1L);
    else CHECK(!"a known name");
    CHECK(result == -1);
    dprintf(1, "%d\n", errno);
    return 0;
}
