/*
 * landlocked DIRECTORY COMMAND... - runs COMMAND in a Landlock domain that lets it change files below DIRECTORY alone, and nothing else of a sandbox: what the
 * kernel's floor costs when nobody is asked. Exit code 125 where the kernel has no Landlock.
 */
#include "common.h"
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The rights of version 1 that change something: WRITE_FILE, and REMOVE_DIR to MAKE_SYM. */
#define CHANGES (LANDLOCK_ACCESS_FS_WRITE_FILE | 0x1ff0)

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: landlocked DIRECTORY COMMAND...\n");
        return 125;
    }
    struct landlock_ruleset_attr handled = { .handled_access_fs = CHANGES };
    struct landlock_path_beneath_attr beneath = { .allowed_access = CHANGES, .parent_fd = open(argv[1], O_PATH | O_CLOEXEC) };
    long rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0)
        die("landlock_create_ruleset");
    if (beneath.parent_fd < 0 || syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
        die(argv[1]);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        die("landlock_restrict_self");
    execvp(argv[2], argv + 2);
    die(argv[2]);
}
