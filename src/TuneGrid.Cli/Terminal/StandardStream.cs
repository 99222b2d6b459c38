using System.Runtime.InteropServices;

namespace TuneGrid.Cli.Terminal;

/// <summary>
/// stdin, stdout or stderr as the system gave it to the process. .NET's own streams keep silent about a reader who has left, and know
/// nothing of a number that was closed at the start: the runtime's own pipes have it then, and text in those kills the process.
/// </summary>
internal static class StandardStream
{
    public const int Input = 0, Output = 1, Error = 2;

    /// <summary>
    /// Whether the process was started with it. What the runtime opened itself is closed on exec, and so was never inherited.
    /// </summary>
    public static bool IsOpen(int number)
    {
        const int GetFlags = 1, CloseOnExec = 1;
        return OperatingSystem.IsWindows() || FileControl(number, GetFlags) is var flags and >= 0 && (flags & CloseOnExec) == 0;
    }

    /// <summary>Returns a reader of stdin, which is empty where there is none.</summary>
    public static Stream OpenInput() => IsOpen(Input) ? Console.OpenStandardInput() : Stream.Null;

    /// <summary>Returns a writer; where there is no such stream every write fails.</summary>
    public static Stream OpenForWriting(int number) =>
        OperatingSystem.IsWindows() ? new WindowsStream(number == Output ? Console.OpenStandardOutput() : Console.OpenStandardError())
        : new UnixStream(number);

    /// <summary>From now on what is written to stdout and stderr, by whomever, is added to a file, and stdin is empty.</summary>
    /// <param name="file">Stays the caller's.</param>
    public static void Redirect(FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            _windowsFile = new(file.Name, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return;
        }
        const int FromEnd = 2;
        var log = (int)file.SafeFileHandle.DangerousGetHandle();
        _ = Seek(log, 0, FromEnd);
        _ = Duplicate(log, Output);
        _ = Duplicate(log, Error);
        using var nothing = File.OpenHandle("/dev/null");
        if (IsOpen(Input))
            _ = Duplicate((int)nothing.DangerousGetHandle(), Input);
    }

    private static volatile FileStream? _windowsFile;

    [DllImport("libc", EntryPoint = "lseek")]
    private static extern nint Seek(int number, nint offset, int from);

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int number, int to);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int FileControl(int number, int command);

    private abstract class WriteOnlyStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class WindowsStream(Stream console) : WriteOnlyStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => (_windowsFile ?? console).Write(buffer);
    }

    private sealed class UnixStream(int number) : WriteOnlyStream
    {
        private readonly bool _isOpen = IsOpen(number);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            const int Interrupted = 4, BrokenPipe = 32;
            if (!_isOpen)
                throw new IOException("it is closed");
            while (!buffer.IsEmpty)
            {
                var written = WriteSome(number, in MemoryMarshal.GetReference(buffer), buffer.Length);
                if (written >= 0)
                {
                    buffer = buffer[(int)written..];
                    continue;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error == BrokenPipe)
                    throw new ReaderLeftException();
                if (error == (OperatingSystem.IsLinux() ? 11 : 35))
                    WaitUntilWritable();
                else if (error != Interrupted)
                    throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }

        /// <summary>Somebody who shares the terminal or pipe has told it not to block.</summary>
        private void WaitUntilWritable()
        {
            const short Writable = 4;
            var wanted = new PollDescriptor { Number = number, Events = Writable };
            _ = Poll(ref wanted, 1, -1);
        }

        [DllImport("libc", EntryPoint = "write", SetLastError = true)]
        private static extern nint WriteSome(int number, in byte buffer, nint count);

        [DllImport("libc", EntryPoint = "poll")]
        private static extern int Poll(ref PollDescriptor descriptor, nuint count, int timeoutMs);

        [StructLayout(LayoutKind.Sequential)]
        private struct PollDescriptor
        {
            public int Number;
            public short Events;
            public short Happened;
        }
    }
}

/// <summary>The other end of a pipe has been closed.</summary>
internal sealed class ReaderLeftException() : IOException("its reader has left");
