/* refused_calls NAME DIRECTORY: makes the one call with arguments that the kernel would take far (a directory inside), and says its errno. To root too
 * these are refused: each would change what a path, a process or the machine is under the engine's feet. The arguments are good ones, as far as that can be told before
 * the call is done (a call that fails anyway is no violation); and nothing is done here that hurts the machine if it were let through: what names an object names one that it
 * cannot be done with, and what sets something sets what is. */
#include "guest.h"
#include <sys/time.h>
#include <sys/utsname.h>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *name = argv[1], *inside = argv[2];
    struct utsname host;
    struct timeval now;
    char bytes[4096] = { 0 };
    struct { unsigned bytes; int type; char handle[8]; } handle = { 8, 1, { 0 } };
    long result = 0;
    CHECK(uname(&host) == 0 && gettimeofday(&now, NULL) == 0 && close(open("plain", O_CREAT | O_WRONLY, 0600)) == 0);
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
    else CALL("setns", SYS_setns, open("/proc/self/ns/uts", O_RDONLY), 0L);
    else CALL("unshare-user", SYS_unshare, (long)CLONE_NEWUSER);
    else CALL("unshare-mounts", SYS_unshare, (long)CLONE_NEWNS);
    else CALL("name_to_handle_at", SYS_name_to_handle_at, AT_FDCWD, inside, bytes, bytes + 128, 0L);
    else CALL("open_by_handle_at", SYS_open_by_handle_at, AT_FDCWD, &handle, 0L);
    else CALL("swapon", SYS_swapon, "plain", 0L);
    else CALL("quotactl", SYS_quotactl, 0x80000100L /* Q_SYNC */, NULL, 0L, NULL);
    else CALL("acct", SYS_acct, NULL);
    else CALL("sethostname", SYS_sethostname, host.nodename, strlen(host.nodename));
    else CALL("settimeofday", SYS_settimeofday, &now, NULL);
    else CALL("init_module", SYS_init_module, bytes, 4096L, "");
    else CALL("bpf", SYS_bpf, 1L /* BPF_MAP_LOOKUP_ELEM */, bytes, 32L);
    else CALL("kexec_load", SYS_kexec_load, 0L, 0L, NULL, 0L);
    else CHECK(!"a known name");
    CHECK(result == -1);
    dprintf(1, "%d\n", errno);
    return 0;
}
