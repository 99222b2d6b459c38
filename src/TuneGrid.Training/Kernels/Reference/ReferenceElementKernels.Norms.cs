namespace TuneGrid.Training.Kernels.Reference;

internal sealed unsafe partial class ReferenceElementKernels
{
    public void RmsNorm(float* x, int xStride, float* gain, int rows, int width, float* y, int yStride, float* rstd)
    {
        for (int row = 0; row < rows; row++, x += xStride, y += yStride)
        {
            double r = 1 / Math.Sqrt(Dot(x, x, width) / width + IElementKernels.NormEpsilon);
            for (int i = 0; i < width; i++)
                y[i] = (float)(x[i] * r * (gain == null ? 1 : gain[i]));
            if (rstd != null)
                rstd[row] = (float)r;
        }
    }

    public void RmsNormBackward(
        float* dy, int dyStride, float* x, int xStride, float* gain, float* rstd, int rows, int width, float* dx, int dxStride,
        bool accumulate, float* dgain)
    {
        for (int row = 0; row < rows; row++, dy += dyStride, x += xStride, dx += dxStride)
        {
            double r = rstd[row], projection = 0;
            for (int i = 0; i < width; i++)
                projection += (double)dy[i] * (gain == null ? 1 : gain[i]) * x[i] * r;
            projection /= width;
            for (int i = 0; i < width; i++)
            {
                double normalized = x[i] * r, gradient = dy[i];
                double scaled = gradient * (gain == null ? 1 : gain[i]);
                dx[i] = (float)((accumulate ? dx[i] : 0.0) + r * (scaled - normalized * projection));
                if (dgain != null)
                    dgain[i] = (float)(dgain[i] + gradient * normalized);
            }
        }
    }

    public void LayerNorm(
        float* x, int xStride, float* gain, float* bias, int rows, int width, float* y, int yStride, float* mean, float* rstd)
    {
        for (int row = 0; row < rows; row++, x += xStride, y += yStride)
        {
            double center = 0, variance = 0;
            for (int i = 0; i < width; i++)
                center += x[i];
            center /= width;
            for (int i = 0; i < width; i++)
                variance += (x[i] - center) * (x[i] - center);
            double r = 1 / Math.Sqrt(variance / width + IElementKernels.NormEpsilon);
            for (int i = 0; i < width; i++)
                y[i] = (float)((x[i] - center) * r * (gain == null ? 1 : gain[i]) + (bias == null ? 0 : bias[i]));
            if (mean != null)
                mean[row] = (float)center;
            if (rstd != null)
                rstd[row] = (float)r;
        }
    }

    public void LayerNormBackward(
        float* dy, int dyStride, float* x, int xStride, float* gain, float* mean, float* rstd, int rows, int width,
        float* dx, int dxStride, bool accumulate, float* dgain, float* dbias)
    {
        for (int row = 0; row < rows; row++, dy += dyStride, x += xStride, dx += dxStride)
        {
            double center = mean[row], r = rstd[row], average = 0, projection = 0;
            for (int i = 0; i < width; i++)
            {
                double scaled = (double)dy[i] * (gain == null ? 1 : gain[i]);
                average += scaled;
                projection += scaled * (x[i] - center) * r;
            }
            average /= width;
            projection /= width;
            for (int i = 0; i < width; i++)
            {
                double normalized = (x[i] - center) * r, gradient = dy[i];
                double scaled = gradient * (gain == null ? 1 : gain[i]);
                dx[i] = (float)((accumulate ? dx[i] : 0.0) + r * (scaled - average - normalized * projection));
                if (dgain != null)
                    dgain[i] = (float)(dgain[i] + gradient * normalized);
                if (dbias != null)
                    dbias[i] = (float)(dbias[i] + gradient);
            }
        }
    }
}
