"""Our networks as ONNX models."""

import logging
import os
import tempfile

import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

# The quantizer logs advice about larger models than ours.
logging.getLogger().setLevel(logging.ERROR)


def graph_of(network, rows=1):
    nodes, tensors, name = [], [], "x"
    for i, (w, b) in enumerate(zip(network.weights, network.biases)):
        tensors += [numpy_helper.from_array(w, f"w{i}"), numpy_helper.from_array(b, f"b{i}")]
        last = i + 1 == len(network.weights)
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"], ["y" if last else f"sum{i}"]))
        if not last:
            nodes.append(helper.make_node(network.activation.capitalize(), [f"sum{i}"], [f"h{i}"]))
        name = f"h{i}"
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [rows, network.weights[0].shape[0]])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [rows, network.weights[-1].shape[1]])
    graph = helper.make_graph(nodes, "network", [x], [y], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def dense(network, rows=1):
    return graph_of(network, rows).SerializeToString()


class Rows(CalibrationDataReader):
    def __init__(self, rows):
        self.left = list(rows[:, None, :])

    def get_next(self):
        return {"x": self.left.pop()} if self.left else None


def quantized(network):
    """Bytes for weights (a scale for each unit) and activations, calibrated on the network's rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "int8.onnx")
        quantize_static(
            graph_of(network),
            path,
            Rows(network.rows),
            quant_format=QuantFormat.QOperator,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
        )
        with open(path, "rb") as file:
            return file.read()
