package io.github.vit4j.finetune.report;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chart of curves with whiskers or bands where runs were repeated, as PNG.
 *
 * <pre>{@code
 * Curves.of("Accuracy", "epoch", "top-1 (%)")
 *     .curve("full", epochs, accuracy)
 *     .curve("attention only", epochs, other)
 *     .save(Path.of("curves.png"));
 * }</pre>
 */
public final class Curves {

  private static final Logger LOG = LoggerFactory.getLogger(Curves.class);
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  /** Two series need two names, of which the legend shows the first. */
  private static final String UPPER = " ";

  /** How the points of a curve are shown. */
  private enum Look {
    CURVE,
    LINE,
    EDGE,
    POINTS
  }

  private record Points(List<Double> x, List<Double> y, List<Double> spread, Look look) {}

  private final String title;
  private final String xTitle;
  private final String yTitle;
  private final Map<String, Points> curves = new LinkedHashMap<>();
  private boolean logarithmicX;
  private boolean logarithmicY;

  private Curves(String title, String xTitle, String yTitle) {
    this.title = title;
    this.xTitle = xTitle;
    this.yTitle = yTitle;
  }

  /**
   * {@return an empty chart}
   *
   * @param title above it
   * @param xTitle below the x axis, with the unit
   * @param yTitle beside the y axis, with the unit
   */
  public static Curves of(String title, String xTitle, String yTitle) {
    return new Curves(title, xTitle, yTitle);
  }

  /**
   * Adds a curve.
   *
   * @param name in the legend
   * @param x ascending
   * @param y as many; points that are not finite are left out
   * @return this
   * @throws BadInputException if the lists differ in length
   */
  public Curves curve(String name, List<Double> x, List<Double> y) {
    return curve(name, x, y, List.of());
  }

  /**
   * Adds a curve of means.
   *
   * @param name in the legend
   * @param x ascending
   * @param y as many; points that are not finite are left out
   * @param spread half the length of each point's whisker; as many, or none
   * @return this
   * @throws BadInputException if the lists differ in length
   */
  public Curves curve(String name, List<Double> x, List<Double> y, List<Double> spread) {
    return add(name, x, y, spread, Look.CURVE);
  }

  /**
   * Adds a line without marks, such as a formula's.
   *
   * @param name in the legend
   * @param x ascending
   * @param y as many; points that are not finite are left out
   * @return this
   * @throws BadInputException if the lists differ in length
   */
  public Curves line(String name, List<Double> x, List<Double> y) {
    return add(name, x, y, List.of(), Look.LINE);
  }

  /**
   * Adds a band as its two dashed edges.
   *
   * @param name in the legend
   * @param x ascending
   * @param low the lower edge, as many; points that are not finite are left out
   * @param high the upper edge, as many
   * @return this
   * @throws BadInputException if the lists differ in length
   */
  public Curves band(String name, List<Double> x, List<Double> low, List<Double> high) {
    add(name, x, low, List.of(), Look.EDGE);
    return add(name + UPPER, x, high, List.of(), Look.EDGE);
  }

  /**
   * Adds points that no line joins.
   *
   * @param name in the legend
   * @param x in any order
   * @param y as many; points that are not finite are left out
   * @return this
   * @throws BadInputException if the lists differ in length
   */
  public Curves points(String name, List<Double> x, List<Double> y) {
    return add(name, x, y, List.of(), Look.POINTS);
  }

  private Curves add(String name, List<Double> x, List<Double> y, List<Double> spread, Look look) {
    if (x.size() != y.size() || !spread.isEmpty() && spread.size() != x.size()) {
      throw new BadInputException(
          "the curve '%s' has %d x, %d y and %d spreads; give as many of each"
              .formatted(name, x.size(), y.size(), spread.size()));
    }
    curves.put(name, new Points(List.copyOf(x), List.copyOf(y), List.copyOf(spread), look));
    return this;
  }

  /**
   * Makes the x axis logarithmic.
   *
   * @return this
   */
  public Curves logarithmicX() {
    logarithmicX = true;
    return this;
  }

  /**
   * Makes the y axis logarithmic.
   *
   * @return this
   */
  public Curves logarithmicY() {
    logarithmicY = true;
    return this;
  }

  /**
   * Draws the chart and writes it, whole or not at all. On a machine that has no fonts, which
   * drawing needs, it logs a warning and writes nothing: a picture is not worth a lost run.
   *
   * @param file ends in {@code .png}
   * @return whether it was drawn
   * @throws BadInputException if it cannot be written
   */
  public boolean save(Path file) {
    byte[] png;
    try {
      png = png();
    } catch (RuntimeException | LinkageError | IOException e) {
      LOG.warn(
          "cannot draw {}: {}; drawing needs a machine with fonts, if that is what is missing",
          file,
          e.toString());
      return false;
    }
    WholeFile.write(file, png);
    return true;
  }

  private byte[] png() throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setXAxisLogarithmic(logarithmicX);
    chart.getStyler().setYAxisLogarithmic(logarithmicY);
    chart.getStyler().setYAxisLogarithmicDecadeOnly(false); // errors span less than two
    curves.forEach((name, points) -> add(chart, name, points));
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static void add(XYChart chart, String name, Points points) {
    int[] finite =
        IntStream.range(0, points.x.size())
            .filter(i -> Double.isFinite(points.x.get(i)) && Double.isFinite(points.y.get(i)))
            .toArray();
    if (finite.length == 0) {
      return;
    }
    double[] x = Arrays.stream(finite).mapToDouble(points.x::get).toArray();
    double[] y = Arrays.stream(finite).mapToDouble(points.y::get).toArray();
    XYSeries series =
        points.spread.isEmpty()
            ? chart.addSeries(name, x, y)
            : chart.addSeries(
                name, x, y, Arrays.stream(finite).mapToDouble(points.spread::get).toArray());
    boolean marks = points.look == Look.POINTS || points.look == Look.CURVE && x.length <= 40;
    series.setMarker(marks ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    if (points.look == Look.EDGE) {
      series.setLineStyle(SeriesLines.DASH_DASH).setLineColor(Color.GRAY).setLineWidth(1);
      series.setShowInLegend(!name.endsWith(UPPER));
    }
    if (points.look == Look.POINTS) {
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
    series.setSmooth(false);
  }
}
