/* race_clone_vm: a process that was made by clone(CLONE_VM) without CLONE_THREAD changes the bytes of the argument: not one of the caller's threads,
 * and still in the same memory. */
#include "race.h"

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_PRIVATE, CLONE_VM, arrange_word, NULL, flip_word });
}
