namespace TuneGrid.Training.Kernels.Reference;

internal sealed unsafe partial class ReferenceElementKernels
{
    public double CrossEntropy(float* logits, int stride, int rows, int vocabulary, int* targets, float softCap, float scale, float* losses)
    {
        double total = 0;
        for (int row = 0; row < rows; row++, logits += stride)
        {
            double loss = targets[row] < 0
                ? LeaveOut(logits, vocabulary, scale)
                : RowLoss(logits, vocabulary, targets[row], softCap, scale);
            total += loss;
            if (losses != null)
                losses[row] = (float)loss;
        }
        return total;
    }

    private static double LeaveOut(float* logits, int vocabulary, float scale)
    {
        for (int i = 0; i < vocabulary && scale != 0; i++)
            logits[i] = 0;
        return 0;
    }

    private static double RowLoss(float* logits, int vocabulary, int target, float softCap, float scale)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < vocabulary; i++)
            largest = Math.Max(largest, Cap(logits[i], softCap));
        for (int i = 0; i < vocabulary; i++)
            sum += Math.Exp(Cap(logits[i], softCap) - largest);
        double loss = Math.Log(sum) + largest - Cap(logits[target], softCap);
        for (int i = 0; i < vocabulary && scale != 0; i++)
        {
            double capped = Cap(logits[i], softCap);
            double slope = softCap == 0 ? 1 : 1 - capped / softCap * (capped / softCap);
            logits[i] = (float)(scale * slope * (Math.Exp(capped - largest) / sum - (i == target ? 1 : 0)));
        }
        return loss;
    }

    private static double Cap(double z, double softCap) => softCap == 0 ? z : softCap * Math.Tanh(z / softCap);
}
