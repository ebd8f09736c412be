using Catbox.Policy;
using Catbox.Runtime.Native;

namespace Catbox.Runtime.Tracing.Behalf;

/// <summary>
/// Gives the tracer thread a guest's credentials for the length of a call, and its own back: groups and fsgid and fsuid first, since they need
/// capabilities, then the capabilities; back in the other order. It can only lose by it: a capability that the tracer lacks is not to be had.
/// </summary>
/// <remarks>
/// The real, effective and saved identities stay, so that a guest with the same fsuid can neither signal nor trace the tracer meanwhile. A change of fsuid
/// makes the *process* not dumpable (commit_creds in kernel/cred.c), which is undone afterwards.
/// </remarks>
internal sealed class CredentialSwitch
{
    private readonly ThreadCredentials _own;
    private readonly uint[] _ownGroups;
    private readonly int _dumpable = Credentials.Dumpable;
    private ThreadCredentials? _guest;
    private bool _isGuests;
    private bool _groupsChanged;

    /// <param name="own">The tracer thread's.</param>
    public CredentialSwitch(ThreadCredentials own)
    {
        _own = own;
        _ownGroups = own.Groups().ToArray();
    }

    /// <summary>Takes a guest's credentials.</summary>
    /// <returns>False where that is not possible: nothing has been taken then, or <see cref="Leave"/> has to be called all the same.</returns>
    public bool TryEnter(ThreadCredentials guest)
    {
        _isGuests = true;
        _guest = guest;
        var groups = guest.Groups();
        if (!groups.SequenceEqual(_ownGroups))
        {
            _groupsChanged = true;
            if (!Credentials.SetGroups(groups).IsSuccess)
            {
                return false;
            }
        }

        return Credentials.SetFileGroup(guest.FileGroup)
            && Credentials.SetFileUser(guest.FileUser)
            && Credentials.SetCapabilities(guest.Effective & _own.Permitted, _own.Permitted, _own.Inheritable).IsSuccess;
    }

    /// <summary>Takes the tracer's own back, if they were given away.</summary>
    /// <returns>False where that failed: the thread must not go on.</returns>
    public bool Leave()
    {
        if (!_isGuests)
        {
            return true;
        }

        _isGuests = false;
        // A change of fsuid from or to root changes the effective set by itself (cap_task_fix_setuid): so the set is written before, for the right to the
        // others, and after.
        var done = Credentials.SetCapabilities(_own.Permitted, _own.Permitted, _own.Inheritable).IsSuccess
            && Credentials.SetFileUser(_own.FileUser)
            && Credentials.SetFileGroup(_own.FileGroup)
            && (!_groupsChanged || Credentials.SetGroups(_ownGroups).IsSuccess)
            && Credentials.SetCapabilities(_own.Effective, _own.Permitted, _own.Inheritable).IsSuccess;
        _groupsChanged = false;
        if (_dumpable == 1)
        {
            Credentials.SetDumpable(_dumpable);
        }

        return done;
    }

    /// <summary>For a look that the tracer takes in between: its own credentials, and the guest's again. Without a guest's it is the look alone.</summary>
    /// <param name="look">Looks by the tracer's rights.</param>
    /// <returns>Its answer, or EPERM where the guest's could not be taken again.</returns>
    /// <exception cref="InvalidOperationException">The tracer's own could not be taken back: the thread must not go on.</exception>
    public Errno AsTracer(Func<Errno> look)
    {
        if (!_isGuests)
        {
            return look();
        }

        if (!Leave())
        {
            throw new InvalidOperationException("the tracer's credentials could not be taken back");
        }

        var error = look();
        return TryEnter(_guest!) ? error : Errno.EPERM;
    }
}
